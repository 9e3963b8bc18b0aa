{ The unit against a sandbox, which packaging/with-sandbox starts (suite 89-pascal), with both kinds of strings. }
program tests;

{$ifdef WOTRUS_UNICODE}{$mode delphiunicode}{$else}{$mode delphi}{$endif}{$H+}{$codepage utf8}{$assertions on}

uses
  {$ifdef UNIX}cthreads, cwstring,{$endif} SysUtils, Classes, Wotrus;

type
  TTests = class
  private
    FClient: TWotrusClient;
    FOpenOrder, FStopAt, FStatus: string;
    FEvents: Integer;
    function Connected(const Url: string; OnEvent: TWotrusEvent): TWotrusClient;
    function CreateOrder(Client: TWotrusClient; const Name, Value: string): IWotrusReply;
    procedure CheckInvalid(const Name, Value: string);
    procedure Raises(const Event, Json: string);
    procedure Queries(const Event, Json: string);
    procedure Counts(const Event, Json: string);
    procedure Calls(Count: Integer; Client, ClosedPort: TWotrusClient; const Issued: string);
  public
    procedure TextThatWouldNotArriveWholeIsRefused;
    procedure ChineseTextArrives;
    procedure InvalidOptionsAreReportedAtOnce;
    procedure WhatIsEmptyIsReportedAsEmpty;
    procedure AnExceptionOfOnEventPreventsTheOrder;
    procedure AnExceptionAtAnotherEventHasNoEffect;
    procedure OnEventMayUseTheClient;
    procedure AClientMayBeFreedBeforeThoseMadeFromIt;
    procedure TenThousandCallsWithErrorsDoNotGrow;
    procedure Run;
  end;

procedure Check(Condition: Boolean; const What: string);
begin
  if not Condition then
    raise Exception.Create({$ifdef WOTRUS_UNICODE}UTF8Encode{$endif}(What));
end;

function Environment(const Name: string): string;
begin
  Result := string(GetEnvironmentVariable(Name));
end;

function TTests.Connected(const Url: string; OnEvent: TWotrusEvent): TWotrusClient;
var
  Options: TWotrusOptions;
begin
  Options := TWotrusOptions.Create;
  try
    Options['token'] := Environment('WOTRUS_TOKEN');
    Options['base_url'] := Url;
    Options['retries'] := '0';
    Result := TWotrusClient.Create(Options, OnEvent);
  finally
    Options.Free;
  end;
end;

function TTests.CreateOrder(Client: TWotrusClient; const Name, Value: string): IWotrusReply;
var
  Order: TWotrusOrder;
begin
  Order := TWotrusOrder.Create;
  try
    Order['productID'] := '76ECE651-B59E-48F2-A47B-135614AADAD9';
    Order['commonName'] := '沃通';
    Order['OrgName'] := '沃通';
    Order['countryCode'] := 'CN';
    Order['month'] := '12';
    Order[Name] := Value;
    Result := Client.CreateOrder(Order);
  finally
    Order.Free;
  end;
end;

procedure TTests.TextThatWouldNotArriveWholeIsRefused;
const
  Bad: array[0..1] of string = ('a'#0'b', {$ifdef WOTRUS_UNICODE}#$D800{$else}#$FF{$endif});
var
  I: Integer;
begin
  for I := 0 to High(Bad) do
  begin
    try
      CreateOrder(FClient, 'commonName', Bad[I]);
      Check(False, 'sent');
    except
      on E: EWotrusArgument do
        Check(E.Field = 'commonName', E.Field);
    end;
    try
      FClient.QueryOrder(Bad[I]);
      Check(False, 'sent');
    except
      on E: EWotrusArgument do
        Check(E.Attempts = 0, 'sent');
    end;
  end;
end;

procedure TTests.ChineseTextArrives;
const
  { The last character is outside the basic plane. }
  Company: string = '沃通𠮷';
var
  Order: IWotrusReply;
begin
  Check(Length(Company) = {$ifdef WOTRUS_UNICODE}4{$else}10{$endif}, 'the literal is not as written');
  Order := FClient.QueryOrder(CreateOrder(FClient, 'OrgName', Company).OrderID);
  Check(Order.Get('org.orgName') = Company, Order.Get('org.orgName'));
  Check(Pos(Company, Order.Json) > 0, Order.Json);
  Check(Pos(Company, {$ifdef WOTRUS_UNICODE}UTF8Decode{$endif}(Order.Body)) > 0, 'body');
  Check(not Order.Has('no.such') and Order.Has('status'), 'Has');
end;

procedure TTests.InvalidOptionsAreReportedAtOnce;
begin
  CheckInvalid('proxy', 'no proxy');
  CheckInvalid('future_option', 'x');
end;

procedure TTests.WhatIsEmptyIsReportedAsEmpty;
var
  Document: TWotrusDocument;
  Field, Message: string;
begin
  Field := '';
  try
    TWotrusDocument.CreateFromFile('').Free;
  except
    on E: EWotrusArgument do
      Field := E.Field;
  end;
  Check(Field = 'path', 'the field of an empty path is ' + Field);
  Message := '';
  try
    WotrusReadPush('');
  except
    on E: EWotrusArgument do
      Message := string(E.Message);
  end;
  Check(Pos('empty', Message) > 0, 'an empty push: ' + Message);
  Document := TWotrusDocument.CreateFromBytes('', '.pdf');
  try
    Message := '';
    try
      FClient.RevokeCertificate(FOpenOrder, 'reason', Document);
    except
      on E: EWotrusArgument do
        Message := string(E.Message);
    end;
  finally
    Document.Free;
  end;
  Check(Pos('empty', Message) > 0, 'an empty document: ' + Message);
end;

procedure TTests.CheckInvalid(const Name, Value: string);
var
  Options: TWotrusOptions;
begin
  Options := TWotrusOptions.Create;
  try
    Options['token'] := 'tk_x';
    Options[Name] := Value;
    try
      TWotrusClient.Create(Options);
      Check(False, 'no exception');
    except
      on E: EWotrusConfig do
        Check(E.Field = Name, E.Kind);
    end;
  finally
    Options.Free;
  end;
end;

procedure TTests.Raises(const Event, Json: string);
begin
  if Event = FStopAt then
    raise EConvertError.Create('no room in the database');
end;

procedure TTests.AnExceptionOfOnEventPreventsTheOrder;
var
  Client: TWotrusClient;
begin
  FStopAt := 'sending';
  Client := Connected(Environment('WOTRUS_HTTP_URL'), Raises);
  try
    try
      CreateOrder(Client, 'idempotenceID', 'pascal-prevented');
      Check(False, 'sent');
    except
      on E: EWotrusCancelled do
        Check((E.Delivery = 'not_sent') and (E.StoppedBy is EConvertError), E.Delivery);
    end;
  finally
    Client.Free;
  end;
end;

procedure TTests.AnExceptionAtAnotherEventHasNoEffect;
var
  Client: TWotrusClient;
begin
  FStopAt := 'answered';
  Client := Connected(Environment('WOTRUS_HTTP_URL'), Raises);
  try
    Check(CreateOrder(Client, 'month', '12').OrderID <> '', 'no order');
  finally
    Client.Free;
  end;
end;

procedure TTests.Queries(const Event, Json: string);
begin
  FStatus := FStatus + FClient.QueryOrder(FOpenOrder).Get('status') + ' ';
  if Event = 'sending' then
    raise EConvertError.Create('after a call inside');
end;

procedure TTests.OnEventMayUseTheClient;
var
  Client: TWotrusClient;
begin
  FStatus := '';
  Client := Connected(Environment('WOTRUS_HTTP_URL'), Queries);
  try
    try
      Client.QueryOrder(FOpenOrder);
      Check(False, 'sent');
    except
      on E: EWotrusCancelled do
        Check(E.StoppedBy is EConvertError, 'the exception is lost');
    end;
  finally
    Client.Free;
  end;
  Check(Pos('pending ', FStatus) = 1, FStatus);
end;

procedure TTests.Counts(const Event, Json: string);
begin
  Inc(FEvents);
end;

procedure TTests.AClientMayBeFreedBeforeThoseMadeFromIt;
var
  Parent, Child: TWotrusClient;
  Options: TWotrusOptions;
begin
  FEvents := 0;
  Parent := Connected(Environment('WOTRUS_HTTP_URL'), Counts);
  Options := TWotrusOptions.Create;
  Options['timeout'] := '5';
  Child := TWotrusClient.CreateWith(Parent, Options);
  Options.Free;
  Parent.Free;
  try
    Child.QueryOrder(FOpenOrder);
    Check(FEvents = 2, 'events');
  finally
    Child.Free;
  end;
end;

procedure TTests.Calls(Count: Integer; Client, ClosedPort: TWotrusClient; const Issued: string);
var
  I, Failures: Integer;
begin
  Failures := 0;
  for I := 1 to Count do
  begin
    Check(Client.QueryOrder(Issued).Json <> '', 'no JSON');
    if I mod 5 <> 0 then
      Continue;
    try
      Client.QueryOrder('no-such-order');
    except
      on E: EWotrusRefused do
        Inc(Failures);
    end;
    try
      CreateOrder(Client, 'month', '7');
    except
      on E: EWotrusArgument do
        Inc(Failures);
    end;
    try
      ClosedPort.QueryOrder(Issued);
    except
      on E: EWotrusNetwork do
        Inc(Failures);
    end;
    Check(Client.RetrieveCertificate(Issued).FullChain <> '', 'no chain');
    Check(WotrusReadPush('{"dataAction":"order","orderID":"x"}').OrderID = 'x', 'push');
  end;
  Check(Failures = Count div 5 * 3, 'failures');
end;

{ The memory of this process in KiB. }
function Resident: Integer;
var
  Status: TStringList;
  I: Integer;
begin
  Result := 0;
  Status := TStringList.Create;
  Status.LoadFromFile('/proc/self/status');
  for I := 0 to Status.Count - 1 do
    if Pos('VmRSS:', Status[I]) = 1 then
      Result := StrToInt(Trim(StringReplace(Copy(Status[I], 7, 99), 'kB', '', [])));
  Status.Free;
  Check(Result > 0, 'no VmRSS');
end;

procedure TTests.TenThousandCallsWithErrorsDoNotGrow;
var
  Client, ClosedPort: TWotrusClient;
  Csr: TStringList;
  Issued: string;
  Before: Integer;
  BeforeHeap: PtrUInt;
begin
  Client := Connected(Environment('WOTRUS_HTTP_URL'), Counts);
  ClosedPort := Connected('http://127.0.0.1:1', Counts);
  Csr := TStringList.Create;
  try
    Csr.LoadFromFile('tests/fixtures/example.csr');
    Issued := CreateOrder(Client, 'csR_RSA', string(Csr.Text)).OrderID;
    Calls(1000, Client, ClosedPort, Issued);
    Before := Resident;
    BeforeHeap := GetFPCHeapStatus.CurrHeapUsed;
    Calls(5000, Client, ClosedPort, Issued);
    Check(GetFPCHeapStatus.CurrHeapUsed <= BeforeHeap + 4096, 'Pascal heap');
    Check(Resident - Before < 1500, string(IntToStr(Resident - Before)) + ' KiB');
  finally
    Csr.Free;
    ClosedPort.Free;
    Client.Free;
  end;
end;

procedure TTests.Run;
begin
  FClient := Connected(Environment('WOTRUS_HTTP_URL'), nil);
  FOpenOrder := CreateOrder(FClient, 'month', '12').OrderID;
  TextThatWouldNotArriveWholeIsRefused;
  ChineseTextArrives;
  InvalidOptionsAreReportedAtOnce;
  WhatIsEmptyIsReportedAsEmpty;
  AnExceptionOfOnEventPreventsTheOrder;
  AnExceptionAtAnotherEventHasNoEffect;
  OnEventMayUseTheClient;
  AClientMayBeFreedBeforeThoseMadeFromIt;
  TenThousandCallsWithErrorsDoNotGrow;
  FClient.Free;
end;

begin
{$ifndef WOTRUS_UNICODE}
  { The literals of this file are UTF-8. }
  SetMultiByteConversionCodePage(CP_UTF8);
{$endif}
  with TTests.Create do
  begin
    Run;
    Free;
  end;
  WriteLn('9 tests passed');
end.

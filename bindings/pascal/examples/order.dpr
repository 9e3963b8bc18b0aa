{ The life cycle of an order: create, query, wait, fetch, notify, reissue, cancel, revoke.

    WOTRUS_TOKEN=tk_... ./order example.csr licence.pdf fullchain.pem

  Delphi: open this project. Free Pascal: fpc -Mdelphi -Fu.. order.dpr

  The library reads no environment variables. This program reads WOTRUS_TOKEN, WOTRUS_BASE_URL and WOTRUS_CA_FILE;
  "wotrus sandbox" prints values to try it free of charge. }
program order;

{$APPTYPE CONSOLE}

uses
  {$ifdef UNIX}cthreads,{$endif} SysUtils, Classes, Wotrus;

{ In GB18030 and UTF-8 ASCII is the same: what is not is written as numbers here, because the charset of this file
  must not matter. }
const
  Company = {$ifdef UNICODE}#$6C83#$901A{$else}#$E6#$B2#$83#$E9#$80#$9A{$endif};

function Connect: TWotrusClient;
const
  Names: array[0..2, 0..1] of string = (
    ('token', 'WOTRUS_TOKEN'), ('base_url', 'WOTRUS_BASE_URL'), ('ca_file', 'WOTRUS_CA_FILE'));
var
  Options: TWotrusOptions;
  I: Integer;
begin
  Options := TWotrusOptions.Create;
  try
    for I := 0 to High(Names) do
      if GetEnvironmentVariable(Names[I, 1]) <> '' then
        Options[Names[I, 0]] := GetEnvironmentVariable(Names[I, 1]);
    Result := TWotrusClient.Create(Options);
  finally
    Options.Free;
  end;
end;

function Create(Client: TWotrusClient; const Csr, Licence: string): string;
var
  Request: TWotrusOrder;
begin
  Request := TWotrusOrder.Create;
  try
    Request['productID'] := '76ECE651-B59E-48F2-A47B-135614AADAD9';
    Request['commonName'] := Company;
    Request['OrgName'] := Company;
    Request['countryCode'] := 'CN';
    Request['month'] := '12';
    Request['csR_RSA'] := Csr;
    { With your database key as idempotenceID the order can be sent again safely. }
    Request['idempotenceID'] := 'example-' + FormatDateTime('yyyymmddhhnnsszzz', Now);
    Request.AddFile(WOTRUS_BUSINESS_LICENCE, Licence);
    Result := Client.CreateOrder(Request).OrderID;
  finally
    Request.Free;
  end;
end;

procedure Save(const Path, Text: string);
var
  Lines: TStringList;
begin
  Lines := TStringList.Create;
  try
    Lines.Text := Text;
    Lines.SaveToFile(Path);
  finally
    Lines.Free;
  end;
end;

procedure Afterwards(Client: TWotrusClient; const OrderID, Csr, Licence: string);
var
  Reissue: TWotrusReissue;
  Proof: TWotrusDocument;
  Reissued: IWotrusReply;
begin
  Client.NotifyByEmail(OrderID, 'https://example.com/collect');
  Reissue := TWotrusReissue.Create;
  try
    Reissue['orderID'] := OrderID;
    Reissue['csr'] := Csr;
    Reissue['reason'] := 'new server';
    { Each reissue of an order has its own. }
    Reissue['idempotenceID'] := 'reissue-1-' + OrderID;
    Reissued := Client.ReissueCertificate(Reissue);
  finally
    Reissue.Free;
  end;
  { Cancels the new order before it is issued, and revokes the first certificate. }
  Client.CancelOrder(Reissued.OrderID, 'a mistake');
  Proof := TWotrusDocument.CreateFromFile(Licence);
  try
    Client.RevokeCertificate(OrderID, 'no longer used', Proof);
  finally
    Proof.Free;
  end;
  WriteLn('reissued, cancelled, revoked');
end;

procedure Run(const CsrFile, Licence, FullChain: string);
var
  Client: TWotrusClient;
  Csr: TStringList;
  Certificate: IWotrusReply;
  OrderID: string;
begin
  Csr := TStringList.Create;
  Client := Connect;
  try
    Csr.LoadFromFile(CsrFile);
    OrderID := Create(Client, Csr.Text, Licence);
    WriteLn('created: ', OrderID);
    WriteLn('status: ', Client.QueryOrder(OrderID).Get('status'));

    { A manual review takes days: a real system ends here and continues when the push arrives. }
    Certificate := Client.WaitForCertificate(OrderID, 60000);
    if Certificate.MatchesCsr(Csr.Text) <> wmYes then
      raise Exception.Create(OrderID + ': the certificate is for another key than the CSR');
    Save(FullChain, Certificate.FullChain);
    WriteLn('written: ', FullChain);
    Afterwards(Client, OrderID, Csr.Text, Licence);
  finally
    Client.Free;
    Csr.Free;
  end;
end;

begin
  if ParamCount <> 3 then
  begin
    WriteLn('usage: order CSR LICENCE FULLCHAIN');
    Halt(2);
  end;
  try
    Run(ParamStr(1), ParamStr(2), ParamStr(3));
  except
    on E: EWotrus do
    begin
      { Delivery tells whether the order may exist. Give the RequestID to the service's support. }
      WriteLn(E.Message, ' (', E.Kind, ', ', E.Cause, ', delivery ', E.Delivery, ', RequestID ', E.RequestID, ')');
      Halt(1);
    end;
    on E: Exception do
    begin
      WriteLn(E.Message);
      Halt(1);
    end;
  end;
end.

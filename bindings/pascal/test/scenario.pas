{ Executes bindings/scenario; its README describes the steps and what is printed. }
program scenario;

{$mode delphi}{$H+}

uses
  {$ifdef UNIX}cthreads, cwstring,{$endif} SysUtils, Classes, fpjson, jsonparser, Wotrus, ScenarioJson;

type
  { A step: its call, the events, and the cancellation from another thread. }
  TStep = class
  private
    FStep, FTexts: TJSONObject;
    FGbk: Boolean;
    FEvents: TJSONArray;
    function Text(const Name: string): string;
    function Native(const Utf8: string): string;
    function Utf8(const Value: string): string;
    function Document(Item: TJSONObject): TWotrusDocument;
    function CreateOrder(Client: TWotrusClient): IWotrusReply;
    function Reissue(Client: TWotrusClient): IWotrusReply;
    function Revoke(Client: TWotrusClient): IWotrusReply;
    function Perform(Client: TWotrusClient): IWotrusReply;
    function Call(Base: TWotrusClient; Options: TJSONObject): IWotrusReply;
    function Success(Reply: IWotrusReply): TJSONObject;
    function Shown(Reply: IWotrusReply; const Item: string): TJSONData;
    function Failure(E: EWotrus): TJSONObject;
    procedure OnEvent(const Event, Json: string);
  public
    function Run(Base: TWotrusClient; Options: TJSONObject): TJSONObject;
  end;

  TCanceller = class(TThread)
  private
    FClient: TWotrusClient;
    FDelay: Integer;
  protected
    procedure Execute; override;
  end;

  TOrderThread = class(TThread)
  private
    FStep: TStep;
    FClient: TWotrusClient;
    FKind: string;
  protected
    procedure Execute; override;
  end;

procedure TCanceller.Execute;
begin
  Sleep(FDelay);
  FClient.Cancel;
end;

procedure TOrderThread.Execute;
begin
  try
    FStep.CreateOrder(FClient);
    FKind := 'ok';
  except
    on E: EWotrus do
      FKind := E.Kind;
  end;
end;

procedure SetOptions(Options: TWotrusOptions; Values: TJSONObject);
var
  I: Integer;
begin
  if Values <> nil then
    for I := 0 to Values.Count - 1 do
      Options[Values.Names[I]] := Values.Items[I].AsString;
end;

function Connected(First, Second: TJSONObject): TWotrusClient;
var
  Options: TWotrusOptions;
begin
  Options := TWotrusOptions.Create;
  try
    SetOptions(Options, First);
    SetOptions(Options, Second);
    Result := TWotrusClient.Create(Options);
  finally
    Options.Free;
  end;
end;

function TStep.Text(const Name: string): string;
begin
  Result := Native(FStep.Get(Name, ''));
end;

function TStep.Native(const Utf8: string): string;
begin
  Result := StringReplace(Utf8, NulMark, #0, [rfReplaceAll]);
  if FGbk then
    Result := Converted(Utf8, CP_UTF8, GB18030);
end;

function TStep.Utf8(const Value: string): string;
begin
  Result := Value;
  if FGbk then
    Result := Converted(Value, GB18030, CP_UTF8);
end;

procedure TStep.OnEvent(const Event, Json: string);
begin
  if Event <> 'uploading' then
    FEvents.Add(Event);
  if Event = FStep.Get('stop_at', '') then
    raise EAbort.Create('stopped');
end;

function TStep.Document(Item: TJSONObject): TWotrusDocument;
begin
  if Item.IndexOfName('path') >= 0 then
    { Outside Windows a path is not text in the client's charset. }
    Result := TWotrusDocument.CreateFromFile(
      {$ifdef MSWINDOWS}Native{$endif}(Item.Strings['path']))
  else
    Result := TWotrusDocument.CreateFromBytes(Item.Strings['bytes'], Item.Strings['fileType']);
end;

function TStep.CreateOrder(Client: TWotrusClient): IWotrusReply;
var
  Order: TWotrusOrder;
  Fields: TJSONObject;
  Documents: TJSONArray;
  Added: TWotrusDocument;
  I: Integer;
begin
  Order := TWotrusOrder.Create;
  try
    Fields := FStep.Objects['fields'];
    for I := 0 to Fields.Count - 1 do
      Order[Fields.Names[I]] := Native(Fields.Items[I].AsString);
    Documents := TJSONArray(FStep.Find('documents'));
    if Documents <> nil then
      for I := 0 to Documents.Count - 1 do
      begin
        Added := Document(Documents.Objects[I]);
        try
          Order.AddDocument(Documents.Objects[I].Integers['documentType'], Added);
        finally
          Added.Free;
        end;
      end;
    Result := Client.CreateOrder(Order);
  finally
    Order.Free;
  end;
end;

function TStep.Reissue(Client: TWotrusClient): IWotrusReply;
var
  Request: TWotrusReissue;
  Fields: TJSONObject;
  Proof: TWotrusDocument;
  I: Integer;
begin
  Request := TWotrusReissue.Create;
  Proof := nil;
  try
    Fields := FStep.Objects['fields'];
    for I := 0 to Fields.Count - 1 do
      Request[Fields.Names[I]] := Native(Fields.Items[I].AsString);
    if FStep.Find('proof') <> nil then
    begin
      Proof := Document(FStep.Objects['proof']);
      Request.SetProof(Proof);
    end;
    Result := Client.ReissueCertificate(Request);
  finally
    Proof.Free;
    Request.Free;
  end;
end;

function TStep.Revoke(Client: TWotrusClient): IWotrusReply;
var
  Proof: TWotrusDocument;
begin
  Proof := Document(FStep.Objects['proof']);
  try
    Result := Client.RevokeCertificate(Text('order_id'), Text('reason'), Proof);
  finally
    Proof.Free;
  end;
end;

function TStep.Perform(Client: TWotrusClient): IWotrusReply;
var
  What: string;
begin
  What := FStep.Strings['do'];
  if What = 'create_order' then
    Result := CreateOrder(Client)
  else if What = 'query_order' then
    Result := Client.QueryOrder(Text('order_id'))
  else if What = 'retrieve_certificate' then
    Result := Client.RetrieveCertificate(Text('order_id'))
  else if What = 'cancel_order' then
    Result := Client.CancelOrder(Text('order_id'), Text('reason'))
  else if What = 'revoke_certificate' then
    Result := Revoke(Client)
  else if What = 'reissue_certificate' then
    Result := Reissue(Client)
  else if What = 'notify_by_email' then
    Result := Client.NotifyByEmail(Text('order_id'), Text('collect_url'))
  else if What = 'wait_for_certificate' then
    Result := Client.WaitForCertificate(Text('order_id'), FStep.Integers['timeout_ms'])
  else if What = 'call' then
    Result := Client.Call(Text('operation'), Text('json'))
  else
    raise Exception.Create('no such operation: ' + What);
end;

function TStep.Call(Base: TWotrusClient; Options: TJSONObject): IWotrusReply;
var
  Own, Client: TWotrusClient;
  CallOptions: TWotrusOptions;
  Canceller: TCanceller;
begin
  Own := nil;
  Client := nil;
  Canceller := nil;
  Result := nil;
  CallOptions := TWotrusOptions.Create;
  try
    if FStep.Find('client') <> nil then
    begin
      Own := Connected(Options, FStep.Objects['client']);
      Base := Own;
    end;
    if FStep.Strings['do'] = 'check' then
      Exit;
    if FStep.Strings['do'] = 'read_push' then
    begin
      Result := WotrusReadPush(FStep.Strings['body']);
      Exit;
    end;
    SetOptions(CallOptions, TJSONObject(FStep.Find('with')));
    if FStep.Find('cancel_after_ms') <> nil then
      CallOptions['cancel'] := 'own';
    Client := TWotrusClient.CreateWith(Base, CallOptions, OnEvent);
    if FStep.Find('cancel_after_ms') <> nil then
    begin
      Canceller := TCanceller.Create(True);
      Canceller.FClient := Client;
      Canceller.FDelay := FStep.Integers['cancel_after_ms'];
      Canceller.Start;
    end;
    Result := Perform(Client);
  finally
    if Canceller <> nil then
      Canceller.WaitFor;
    Canceller.Free;
    Client.Free;
    Own.Free;
    CallOptions.Free;
  end;
end;

function ConcurrentOrders(Step: TJSONObject; Base: TWotrusClient): TJSONArray;
var
  Threads: array of TOrderThread;
  Options: TWotrusOptions;
  Number: TJSONObject;
  I: Integer;
begin
  SetLength(Threads, Step.Integers['orders']);
  for I := 0 to High(Threads) do
  begin
    Number := TJSONObject.Create(['NUMBER', IntToStr(I + 1)]);
    Threads[I] := TOrderThread.Create(True);
    Threads[I].FStep := TStep.Create;
    Threads[I].FStep.FStep := TJSONObject(ReplacedAll(Step, Number));
    Number.Free;
    Options := TWotrusOptions.Create;
    SetOptions(Options, Threads[I].FStep.FStep.Objects['with']);
    Options['cancel'] := 'own';
    Threads[I].FClient := TWotrusClient.CreateWith(Base, Options);
    Options.Free;
  end;
  for I := 0 to High(Threads) do
    Threads[I].Start;
  Sleep(Step.Integers['cancel_after_ms']);
  Threads[Step.Integers['cancel'] - 1].FClient.Cancel;
  Result := TJSONArray.Create;
  for I := 0 to High(Threads) do
  begin
    Threads[I].WaitFor;
    Result.Add(Threads[I].FKind);
    Threads[I].FClient.Free;
    Threads[I].FStep.FStep.Free;
    Threads[I].FStep.Free;
    Threads[I].Free;
  end;
end;

function TStep.Shown(Reply: IWotrusReply; const Item: string): TJSONData;
var
  Parts: TStringList;
  What, First: string;
begin
  Parts := TStringList.Create;
  try
    Parts.StrictDelimiter := True;
    Parts.Delimiter := ':';
    Parts.DelimitedText := Item + '::';
    What := Parts[0];
    First := Parts[1];
    if What = 'order_id' then
      Result := OrNull(Utf8(Reply.OrderID))
    else if (What = 'get') and Reply.Has(First) then
      Result := TJSONString.Create(Utf8(Reply.Get(First)))
    else if What = 'get' then
      Result := TJSONNull.Create
    else if What = 'warning' then
      Result := OrNull(Reply.Warning(StrToInt(First)))
    else if What = 'json' then
      Result := TJSONString.Create(Reply.Json)
    else if What = 'body' then
      Result := TJSONString.Create(Reply.Body)
    else if What = 'chain_status' then
      Result := OrNull(Reply.ChainStatus(First))
    else if What = 'matches_csr' then
      case Reply.MatchesCsr(FTexts.Strings[Parts[2]], First) of
        wmNo: Result := TJSONBoolean.Create(False);
        wmYes: Result := TJSONBoolean.Create(True);
      else
        Result := TJSONNull.Create;
      end
    else if What = 'chain' then
      Result := Certificates(Reply.Chain(StrToInt(Parts[2]), First))
    else if What = 'pem' then
      Result := Certificates(Reply.Pem(First))
    else if What = 'full_chain' then
      Result := Certificates(Reply.FullChain(First))
    else if What = 'full_chain_with_root' then
      Result := Certificates(Reply.FullChainWithRoot(First))
    else if What = 'intermediates' then
      Result := Certificates(Reply.Intermediates(First))
    else if What = 'root' then
      Result := Certificates(Reply.Root(First))
    else
      raise Exception.Create('cannot show ' + Item);
  finally
    Parts.Free;
  end;
end;

function TStep.Success(Reply: IWotrusReply): TJSONObject;
var
  Show: TJSONArray;
  Values: TJSONObject;
  I: Integer;
begin
  Result := TJSONObject.Create(['kind', 'ok']);
  if Reply = nil then
    Exit;
  if FStep.Find('save') <> nil then
    FTexts.Strings[FStep.Strings['save']] := Reply.OrderID;
  Result.Add('http_status', NumberOrNull(Reply.HttpStatus, 0));
  Result.Add('request_id', OrNull(Reply.RequestID));
  Result.Add('idempotence_id', OrNull(Utf8(Reply.IdempotenceID)));
  Result.Add('attempts', Reply.Attempts);
  Show := TJSONArray(FStep.Find('show'));
  if Show = nil then
    Exit;
  Values := TJSONObject.Create;
  for I := 0 to Show.Count - 1 do
    Values.Add(Show.Strings[I], Shown(Reply, Show.Strings[I]));
  Result.Add('shown', Values);
end;

function TStep.Failure(E: EWotrus): TJSONObject;
begin
  if (FStep.Find('stop_at') <> nil) <> (E.StoppedBy is EAbort) then
    raise Exception.Create('StoppedBy is not what OnEvent raised');
  Result := TJSONObject.Create([
    'kind', E.Kind, 'cause', E.Cause, 'delivery', E.Delivery, 'message', Utf8(E.Message), 'attempts', E.Attempts]);
  Result.Add('http_status', NumberOrNull(E.HttpStatus, 0));
  Result.Add('request_id', OrNull(E.RequestID));
  Result.Add('idempotence_id', OrNull(Utf8(E.IdempotenceID)));
  Result.Add('retry_after_ms', NumberOrNull(E.RetryAfterMs, -1));
  Result.Add('field', OrNull(E.Field));
  Result.Add('service_message', OrNull(Utf8(E.ServiceMessage)));
end;

function TStep.Run(Base: TWotrusClient; Options: TJSONObject): TJSONObject;
var
  CallOptions: TJSONObject;
begin
  FEvents := TJSONArray.Create;
  CallOptions := TJSONObject(FStep.Find('with'));
  FGbk := (CallOptions <> nil) and (CallOptions.Get('charset', '') = 'GB18030');
  if FStep.Strings['do'] = 'abi' then
    Result := TJSONObject.Create(['abi', WotrusAbiFits])
  else if FStep.Strings['do'] = 'concurrent_orders' then
    Result := TJSONObject.Create(['kinds', ConcurrentOrders(FStep, Base)])
  else
    try
      Result := Success(Call(Base, Options));
    except
      on E: EWotrus do
        Result := Failure(E);
    end;
  Result.Add('name', FStep.Strings['name']);
  if FStep.Get('events', False) then
    Result.Add('events', FEvents)
  else
    FEvents.Free;
end;

procedure Main;
var
  Input: TStringList;
  Scenario, Options: TJSONObject;
  Steps, Results: TJSONArray;
  Client: TWotrusClient;
  Step: TStep;
  I: Integer;
begin
  Input := TStringList.Create;
  Input.LoadFromFile(GetEnvironmentVariable('WOTRUS_SCENARIO'));
  Scenario := TJSONObject(GetJSON(StringReplace(Input.Text, '\u0000', NulMark, [rfReplaceAll])));
  Input.Free;
  Options := Scenario.Objects['options'];
  Steps := Scenario.Arrays['steps'];
  Results := TJSONArray.Create;
  Client := Connected(Options, nil);
  for I := 0 to Steps.Count - 1 do
  begin
    Step := TStep.Create;
    Step.FTexts := Scenario.Objects['texts'];
    Step.FStep := TJSONObject(ReplacedAll(Steps.Objects[I], Step.FTexts));
    Results.Add(Step.Run(Client, Options));
    Step.FStep.Free;
    Step.Free;
  end;
  WriteLn(Results.AsJSON);
  Client.Free;
  Results.Free;
  Scenario.Free;
end;

begin
  { fpjson keeps UTF-8 as it is. }
  DefaultSystemCodePage := CP_UTF8;
  SetMultiByteConversionCodePage(CP_UTF8);
  Main;
end.

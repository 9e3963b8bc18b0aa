{ Texts and JSON of the scenario. }
unit ScenarioJson;

{$mode delphi}{$H+}

interface

uses
  SysUtils, fpjson;

const
  GB18030 = 54936;
  { fpjson loses a NUL: it is read as this character of the private use area. }
  NulMark = #$EE#$80#$80;

function Converted(const Value: RawByteString; Source, Target: TSystemCodePage): RawByteString;
(* The string with ${NAME} replaced. *)
function Replaced(const Value: string; Texts: TJSONObject): string;
(* A copy with ${NAME} replaced in all strings. *)
function ReplacedAll(Data: TJSONData; Texts: TJSONObject): TJSONData;
function OrNull(const Value: string): TJSONData;
function NumberOrNull(Value, Absent: Integer): TJSONData;
{ The number of certificates in a text; null for none. }
function Certificates(const Pem: string): TJSONData;

implementation

function Converted(const Value: RawByteString; Source, Target: TSystemCodePage): RawByteString;
begin
  Result := Value;
  UniqueString(AnsiString(Result));
  SetCodePage(Result, Source, False);
  SetCodePage(Result, Target, True);
  SetCodePage(Result, CP_UTF8, False);
end;

function Replaced(const Value: string; Texts: TJSONObject): string;
var
  I: Integer;
begin
  Result := Value;
  for I := 0 to Texts.Count - 1 do
    Result := StringReplace(Result, '${' + Texts.Names[I] + '}', Texts.Items[I].AsString, [rfReplaceAll]);
end;

function ReplacedAll(Data: TJSONData; Texts: TJSONObject): TJSONData;
var
  I: Integer;
begin
  Result := Data.Clone;
  case Data.JSONType of
    jtString:
      Result.AsString := Replaced(Data.AsString, Texts);
    jtObject:
      for I := 0 to Data.Count - 1 do
        TJSONObject(Result).Elements[TJSONObject(Data).Names[I]] := ReplacedAll(Data.Items[I], Texts);
    jtArray:
      for I := 0 to Data.Count - 1 do
        TJSONArray(Result).Items[I] := ReplacedAll(Data.Items[I], Texts);
  end;
end;

function OrNull(const Value: string): TJSONData;
begin
  if Value = '' then
    Result := TJSONNull.Create
  else
    Result := TJSONString.Create(Value);
end;

function NumberOrNull(Value, Absent: Integer): TJSONData;
begin
  if Value = Absent then
    Result := TJSONNull.Create
  else
    Result := TJSONIntegerNumber.Create(Value);
end;

function Certificates(const Pem: string): TJSONData;
var
  Rest: string;
  Count: Integer;
begin
  Rest := Pem;
  Count := 0;
  while Pos('BEGIN CERTIFICATE', Rest) > 0 do
  begin
    Delete(Rest, 1, Pos('BEGIN CERTIFICATE', Rest));
    Inc(Count);
  end;
  Result := NumberOrNull(Count, 0);
end;

end.

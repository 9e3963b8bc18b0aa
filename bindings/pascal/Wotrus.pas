{ Orders, tracks, fetches, cancels, revokes and reissues WoTrus certificates, through libwotrus.
  For Delphi 7 and later and Free Pascal 3. README.md beside this file shows the first order.

  The sections that comments name are those of the service's document.

  Text. Where string is UnicodeString (Delphi 2009 and later, FPC's mode delphiunicode) there is nothing to do.
  Where it is AnsiString (Delphi 7 to 2007, Lazarus), its bytes are in the client's charset: UTF-8, or GB18030 for
  programs whose strings are in the code page of Chinese Windows (Options['charset'] := 'GB18030').

  Threads may share a client and a reply. Free a client when no thread uses it any more. }
unit Wotrus;

{ WOTRUS_UNICODE is for programs in FPC's mode delphiunicode. Delphi 2009 and later define UNICODE themselves. }
{$ifdef FPC}{$ifdef WOTRUS_UNICODE}{$mode delphiunicode}{$define UNICODE}{$else}{$mode delphi}{$endif}{$endif}
{$H+}

interface

uses
  SysUtils;

const
  WotrusLibrary = {$ifdef MSWINDOWS}'wotrus.dll'{$else}'libwotrus.so.1'{$endif};

{$I WotrusApi.inc}

type
  { Bytes: a document, JSON in the client's charset, or a push. }
  TWotrusBytes = {$ifdef UNICODE}RawByteString{$else}AnsiString{$endif};

  { A call failed. Message is one sentence for a person, without secrets. Each kind has a class. }
  EWotrus = class(Exception)
  private
    FKind, FCause, FDelivery, FRequestID, FIdempotenceID, FField, FServiceMessage: string;
    FHttpStatus, FAttempts, FRetryAfterMs: Integer;
    FStoppedBy: TObject;
  public
    constructor CreateFor(const AKind, AField, AMessage: string);
    destructor Destroy; override;
    { The kind as a word, such as unknown_outcome. }
    property Kind: string read FKind;
    { A finer word than the kind: dns, tls, timeout, connection_lost, http_status, ... }
    property Cause: string read FCause;
    { Whether the service received the call, over all attempts: not_sent, answered or unknown. }
    property Delivery: string read FDelivery;
    { The HTTP status of the last answer; 0 if none came. }
    property HttpStatus: Integer read FHttpStatus;
    { The RequestID that was sent, by which the service finds the call in its logs; '' if none was. }
    property RequestID: string read FRequestID;
    { The idempotenceID of the order or reissue; '' if it had none. }
    property IdempotenceID: string read FIdempotenceID;
    { 0 if the call was refused before the first. }
    property Attempts: Integer read FAttempts;
    { How long the service asked to wait; -1 if it did not ask. }
    property RetryAfterMs: Integer read FRetryAfterMs;
    { The field or option that was refused; '' if it was none. }
    property Field: string read FField;
    { The service's own words; '' if it had none. }
    property ServiceMessage: string read FServiceMessage;
    { The exception by which OnEvent stopped the call; nil otherwise. It belongs to this one. }
    property StoppedBy: TObject read FStoppedBy;
  end;

  { An argument was refused before anything was sent; Field names it. }
  EWotrusArgument = class(EWotrus);
  { An option of the client is invalid. }
  EWotrusConfig = class(EWotrus);
  { The service rejected the token. }
  EWotrusAuth = class(EWotrus);
  { The service refused the call and said why, or the order ended without a certificate. }
  EWotrusRefused = class(EWotrus);
  { The certificate is not issued yet. }
  EWotrusNotReady = class(EWotrus);
  { A writing call may have been processed, and no usable answer came: the order may exist. }
  EWotrusUnknownOutcome = class(EWotrus);
  { Nothing was sent, or a reading call got no answer. }
  EWotrusNetwork = class(EWotrus);
  { The answer cannot be used. }
  EWotrusProtocol = class(EWotrus);
  { A local file cannot be read. }
  EWotrusFile = class(EWotrus);
  { The call was ended by Cancel or by OnEvent. }
  EWotrusCancelled = class(EWotrus);
  { A defect of the library. }
  EWotrusInternal = class(EWotrus);

  EWotrusClass = class of EWotrus;

  { Whether a certificate belongs to the key of a CSR; unknown if one of the two cannot be read. }
  TWotrusMatch = (wmNo, wmYes, wmUnknown);

  { The reply of a call that succeeded. Which is RSA (also for ECC keys), Sign or Encrypt (SM2); '' is the first that
    came. A text that is absent is ''. }
  IWotrusReply = interface
    ['{6D0C1D0E-5C6C-4F2B-9A0B-7E4C5B7A9D11}']
    { The service's own message (successMsg). }
    function Message: string;
    { 0 if no answer came, as for a push. }
    function HttpStatus: Integer;
    function RequestID: string;
    function IdempotenceID: string;
    { How often the call was sent. }
    function Attempts: Integer;
    { Such as: the answer is about another order than the one that was asked for. Index 0 is the first. }
    function Warning(Index: Integer): string;
    { The ID of the order that was created, queried, reissued or pushed. }
    function OrderID: string;
    { A field, such as status, org.orgName or chains_RSA.0, in any ASCII case. Numbers and booleans are text, objects
      and arrays are JSON. }
    function Get(const Path: string): string;
    { Whether the field came and is not null. }
    function Has(const Path: string): Boolean;
    { The whole reply: the answer with its envelope, or the push. May contain personal data. }
    function Json: string;
    { The answer or the push as the bytes that came, in UTF-8. }
    function Body: TWotrusBytes;
    { The certificate in PEM. }
    function Pem(const Which: string = ''): string;
    { The content of a server's certificate file: the certificate, then each issuer, without the root. }
    function FullChain(const Which: string = ''): string;
    { The same followed by the root, if the service sent it. }
    function FullChainWithRoot(const Which: string = ''): string;
    { The issuers alone, without the root. }
    function Intermediates(const Which: string = ''): string;
    { complete, incomplete (clients will not trust the server) or none. }
    function ChainStatus(const Which: string = ''): string;
    { One certificate of the chain as the service sent it; 0 is the top root. }
    function Chain(Index: Integer; const Which: string = ''): string;
    function Root(const Which: string = ''): string;
    function MatchesCsr(const Csr: string; const Which: string = ''): TWotrusMatch;
  end;

  { Options of docs/options.md, by their names: Options['token'] := 'tk_...'. }
  TWotrusOptions = class
  private
    FHandle: PWotrusConfig;
    procedure SetValue(const Name, Value: string);
  public
    constructor Create;
    destructor Destroy; override;
    property Values[const Name: string]: string write SetValue; default;
  end;

  { A file to send. }
  TWotrusDocument = class
  private
    FHandle: PWotrusDocument;
  public
    { The file is read while it is sent. FileType, such as .jpg, is derived from its name unless given. }
    constructor CreateFromFile(const Path: string; const FileType: string = '');
    constructor CreateFromBytes(const Bytes: TWotrusBytes; const FileType: string);
    destructor Destroy; override;
  end;

  { An order (section 2), with the names of the document's fields in any ASCII case: Order['month'] := '12'. A field
    that the document does not have needs its part: Order['orderinfoPost.Hosts']. }
  TWotrusOrder = class
  private
    FHandle: PWotrusOrder;
    procedure SetField(const Name, Value: string);
  public
    constructor Create;
    destructor Destroy; override;
    { DocumentType is WOTRUS_AUTHORIZATION, WOTRUS_BUSINESS_LICENCE, WOTRUS_IDENTITY_CARD or another number. The
      document may be freed afterwards. }
    procedure AddDocument(DocumentType: Cardinal; Document: TWotrusDocument);
    procedure AddFile(DocumentType: Cardinal; const Path: string);
    property Fields[const Name: string]: string write SetField; default;
  end;

  { A reissue (section 7): orderID, csr and reason; csR_Encrypt for SM2; idempotenceID. }
  TWotrusReissue = class
  private
    FHandle: PWotrusReissue;
    procedure SetField(const Name, Value: string);
  public
    constructor Create;
    destructor Destroy; override;
    { The organisation's proof on WoTrus's template, which SM2 and Sectigo products require. }
    procedure SetProof(Proof: TWotrusDocument);
    property Fields[const Name: string]: string write SetField; default;
  end;

  { Event is one of these, and Json has the members beside it:
      sending    operation method path request_id idempotence_id attempt
      uploading  sent total (bytes; large bodies only)
      answered   http_status bytes elapsed_ms
      failed     cause delivery message elapsed_ms
      retrying   pause_ms
      waiting    order_id status pause_ms elapsed_ms
    It runs in the thread of the call, and concurrently if several threads make calls. An exception at sending prevents
    the request (record an order there, before it can exist), and at waiting ends the wait: the call then raises
    EWotrusCancelled with StoppedBy. At other events an exception has no effect. }
  TWotrusEvent = procedure(const Event, Json: string) of object;

  { A client of the service, with its connections. Create it once and keep it. }
  TWotrusClient = class
  private
    FHandle: PWotrusClient;
    FOnEvent: TWotrusEvent;
    procedure Open(Parent: TWotrusClient; Options: TWotrusOptions);
    function Deliver(const Json: string): Integer;
  public
    { Raises EWotrusConfig. The options may be freed afterwards. }
    constructor Create(Options: TWotrusOptions; OnEvent: TWotrusEvent = nil);
    { A client for calls with their own options (request_id, timeout, retries, charset, cancel) and OnEvent, which
      shares the connections; what is not set is that of Parent. With Options['cancel'] := 'own' its Cancel ends its
      own calls alone, and later calls on it fail too: make one for each call that must be cancellable by itself. }
    constructor CreateWith(Parent: TWotrusClient; Options: TWotrusOptions; OnEvent: TWotrusEvent = nil);
    destructor Destroy; override;
    { Cancels the calls in progress on this client and on all that share its connections; later calls work. Call it
      from another thread or from OnEvent. }
    procedure Cancel;

    { Section 2. With an idempotenceID a lost answer is harmless. }
    function CreateOrder(Order: TWotrusOrder): IWotrusReply;
    { Section 3: status, cn, org.orgName, ... }
    function QueryOrder(const OrderID: string): IWotrusReply;
    { Section 4. Raises EWotrusNotReady before the certificate is issued. }
    function RetrieveCertificate(const OrderID: string): IWotrusReply;
    { Section 5: cancels an order that is neither issued nor revoked. }
    function CancelOrder(const OrderID, Reason: string): IWotrusReply;
    { Section 6: requests a revocation with the organisation's proof. }
    function RevokeCertificate(const OrderID, Reason: string; Proof: TWotrusDocument): IWotrusReply;
    { Section 7. OrderID of the reply is that of the new order. }
    function ReissueCertificate(Reissue: TWotrusReissue): IWotrusReply;
    { Section 9: makes the service tell the customer by e-mail that the order is issued. }
    function NotifyByEmail(const OrderID, CollectUrl: string): IWotrusReply;
    { Waits until an order is issued, then retrieves its certificate. A manual review takes days: prefer the push. }
    function WaitForCertificate(const OrderID: string; TimeoutMs: Cardinal = 600000): IWotrusReply;
    { Calls an operation by name (create_order) with the document's JSON, or any endpoint (GET /v1/..., without). }
    function Call(const Operation: string; const Json: string = ''): IWotrusReply;
  end;

{ Reads the body of a push (section 8): OrderID, Get('dataAction'), Get('isIssued'), Get('isRevoked'). A push is not
  authenticated: query the order before acting on it. Answer the request with HTTP 200. Texts are UTF-8. }
function WotrusReadPush(const Body: TWotrusBytes): IWotrusReply;

{ The version of the library, such as 0.2.0. }
function WotrusVersion: string;

{ Whether the library has the ABI of this unit. A client cannot be created otherwise. }
function WotrusAbiFits: Boolean;

implementation

{$I WotrusCode.inc}

end.

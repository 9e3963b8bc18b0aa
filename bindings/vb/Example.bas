Attribute VB_Name = "Example"
Option Explicit

' Creates an order, waits up to ten minutes for the certificate, and shows the full chain.
' Add Wotrus.bas to the project, and put wotrusvb.dll and wotrus.dll beside the program (for VBA: in a folder
' of PATH). A real program keeps one client for all its calls.

#If VBA7 Then
Private client As LongPtr
#Else
Private client As Long
#End If

Public Sub Main()
    OpenClient Environ$("WOTRUS_TOKEN")
    On Error GoTo Failed
    Dim id As String
    id = CreateOrder(InputBox("CSR (PEM)"), "invoice-2041")
    Debug.Print WaitForCertificate(id)
    wotrus_client_free client
    Exit Sub
Failed:
    MsgBox Err.Description
    wotrus_client_free client
End Sub

Private Sub OpenClient(ByVal token As String)
#If VBA7 Then
    Dim config As LongPtr
#Else
    Dim config As Long
#End If
    config = wotrus_config_new()
    wotrus_config_set config, "token", token
    ' VB passes text in the code page of the system. On Chinese systems this is code page 936.
    wotrus_config_set config, "charset", "GB18030"
    client = wotrus_client_new(config)
    wotrus_config_free config
End Sub

' The same key never makes a second order, so use the number that the order has in your database.
Private Function CreateOrder(ByVal csr As String, ByVal key As String) As String
#If VBA7 Then
    Dim order As LongPtr, reply As LongPtr
#Else
    Dim order As Long, reply As Long
#End If
    order = wotrus_order_new()
    wotrus_order_set order, "productID", "76ECE651-B59E-48F2-A47B-135614AADAD9"
    wotrus_order_set order, "commonName", "www.example.com"
    wotrus_order_set order, "OrgName", "Example"
    wotrus_order_set order, "countryCode", "CN"
    wotrus_order_set order, "month", "12"
    wotrus_order_set order, "csR_RSA", csr
    wotrus_order_set order, "idempotenceID", key
    reply = wotrus_create_order(client, order)
    wotrus_order_free order
    CheckReply reply
    CreateOrder = wotrus_reply_order_id(reply)
    wotrus_reply_free reply
End Function

Private Function WaitForCertificate(ByVal id As String) As String
#If VBA7 Then
    Dim reply As LongPtr
#Else
    Dim reply As Long
#End If
    reply = wotrus_wait_for_certificate(client, id, 600000)
    CheckReply reply
    WaitForCertificate = wotrus_reply_full_chain(reply, vbNullString)
    wotrus_reply_free reply
End Function

' Raises an error for a reply that is not a success. The delivery says whether an order may exist: "not_sent",
' "answered" or "unknown".
#If VBA7 Then
Private Sub CheckReply(ByVal reply As LongPtr)
#Else
Private Sub CheckReply(ByVal reply As Long)
#End If
    Dim status As Long, text As String
    status = wotrus_reply_status(reply)
    If status = WOTRUS_OK Then Exit Sub
    text = wotrus_reply_message(reply) & " (" & wotrus_reply_delivery(reply) & ")"
    wotrus_reply_free reply
    Err.Raise vbObjectError + status, "wotrus", text
End Sub

using System;
using System.Collections.Generic;

namespace Wotrus
{
    /// <summary>A file to send.</summary>
    public sealed class Document
    {
        private readonly string path;
        private readonly byte[] bytes;
        private readonly string fileType;

        private Document(string path, byte[] bytes, string fileType)
        {
            this.path = path;
            this.bytes = bytes;
            this.fileType = fileType;
        }

        /// <summary>
        /// A file, which is read while it is sent. The type (".jpg", ".gif", ".pdf") is derived from its name
        /// unless it is given.
        /// </summary>
        public static Document FromPath(string path, string fileType = null)
        {
            return new Document(path, null, fileType);
        }

        /// <summary>Bytes in memory.</summary>
        public static Document FromBytes(byte[] bytes, string fileType)
        {
            if (bytes == null) throw WotrusException.Argument("bytes", "is missing");
            // The program may change its own bytes during an asynchronous call.
            return new Document(null, (byte[])bytes.Clone(), fileType);
        }

        internal DocumentHandle Open()
        {
            byte[] type = Text.In(fileType, "fileType");
            if (bytes == null)
            {
                if (path == "") throw WotrusException.Argument("path", "is empty");
                return Native.wotrus_document_from_path(Text.In(path, "path"), type);
            }
            return Native.wotrus_document_from_bytes(bytes, (UIntPtr)(uint)bytes.Length, type);
        }
    }

    /// <summary>
    /// An order, with the names of the document's fields (section 2) in any ASCII case: order["commonName"] = "...".
    /// A field that the document does not have needs its part: order["orderinfoPost.Hosts"]. A field that is null is
    /// left out.
    /// </summary>
    public sealed class Order
    {
        private readonly Dictionary<string, string> fields = new Dictionary<string, string>();
        private readonly List<KeyValuePair<DocumentType, Document>> documents =
            new List<KeyValuePair<DocumentType, Document>>();

        /// <summary>A field by its name.</summary>
        public string this[string name] { set { fields[name] = value; } }

        /// <summary>Adds a file, which is read while it is sent.</summary>
        public void AddDocument(DocumentType documentType, string path)
        {
            AddDocument(documentType, Document.FromPath(path));
        }

        /// <summary>Adds a document.</summary>
        public void AddDocument(DocumentType documentType, Document document)
        {
            if ((int)documentType < 0) throw WotrusException.Argument("documentType", "is negative");
            documents.Add(new KeyValuePair<DocumentType, Document>(documentType, document));
        }

        /// <summary>A copy, which the program cannot change during an asynchronous call.</summary>
        internal Order Copy()
        {
            var copy = new Order();
            foreach (var field in fields) copy.fields.Add(field.Key, field.Value);
            copy.documents.AddRange(documents);
            return copy;
        }

        internal OrderHandle Open()
        {
            OrderHandle order = Native.wotrus_order_new();
            foreach (var field in fields)
                if (field.Value != null)
                    Native.wotrus_order_set(order, Text.In(field.Key, "name"), Text.In(field.Value, field.Key));
            foreach (var added in documents)
                using (DocumentHandle document = added.Value.Open())
                    Native.wotrus_order_add_document(order, (uint)added.Key, document);
            return order;
        }
    }

    /// <summary>A reissue (section 7): orderID, csr and reason; csR_Encrypt for SM2; idempotenceID.</summary>
    public sealed class Reissue
    {
        private readonly Dictionary<string, string> fields = new Dictionary<string, string>();

        /// <summary>A field by its name.</summary>
        public string this[string name] { set { fields[name] = value; } }

        /// <summary>The organisation's proof on WoTrus's template, which SM2 and Sectigo products require.</summary>
        public Document Proof { get; set; }

        internal Reissue Copy()
        {
            var copy = new Reissue { Proof = Proof };
            foreach (var field in fields) copy.fields.Add(field.Key, field.Value);
            return copy;
        }

        internal ReissueHandle Open()
        {
            ReissueHandle reissue = Native.wotrus_reissue_new();
            foreach (var field in fields)
                if (field.Value != null)
                    Native.wotrus_reissue_set(reissue, Text.In(field.Key, "name"), Text.In(field.Value, field.Key));
            if (Proof != null)
                using (DocumentHandle document = Proof.Open())
                    Native.wotrus_reissue_set_proof(reissue, document);
            return reissue;
        }
    }
}

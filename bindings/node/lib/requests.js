// Orders, reissues and documents: objects of the library, which the caller frees.
'use strict';

const { ABI, KINDS, CALLBACK, FUNCTIONS, ...documentTypes } = require('./declarations');
const { library, encoded, required, content, withLength } = require('./library');
const { argumentError } = require('./errors');

const DocumentType = Object.freeze(documentTypes);

function document(value) {
  if (typeof value === 'string') value = { path: value };
  const { path, bytes, fileType } = value || {};
  if ((path === undefined) === (bytes === undefined)) {
    throw argumentError('path', 'path: a document has a path or bytes');
  }
  const type = encoded(fileType, 'fileType');
  if (path !== undefined) {
    if (path === '') throw argumentError('path', 'path: is empty');
    return library().document_from_path(required(path, 'path'), type);
  }
  return library().document_from_bytes(...withLength(content(bytes, 'bytes')), type);
}

function order({ fields, documents = [], ...others }) {
  onlyMembers(others, 'an order has fields and documents');
  const handle = library().order_new();
  return orFreed(handle, library().order_free, () => {
    setFields(fields, (name, value) => library().order_set(handle, name, value));
    for (const item of documents) {
      const number = item.documentType;
      if (!Number.isInteger(number) || number < 0 || number >= 2 ** 32) {
        throw argumentError('documentType', 'documentType: is not a number of a type of documents');
      }
      const added = document(item);
      library().order_add_document(handle, number, added);
      library().document_free(added);
    }
  });
}

function reissue({ fields, proof, ...others }) {
  onlyMembers(others, 'a reissue has fields and a proof');
  const handle = library().reissue_new();
  return orFreed(handle, library().reissue_free, () => {
    setFields(fields, (name, value) => library().reissue_set(handle, name, value));
    if (proof !== undefined && proof !== null) {
      const added = document(proof);
      library().reissue_set_proof(handle, added);
      library().document_free(added);
    }
  });
}

// A member with a wrong name would be left out of the order unnoticed.
function onlyMembers(others, members) {
  for (const name of Object.keys(others)) throw argumentError(name, `${name}: there is no such member; ${members}`);
}

// undefined and null leave a field out.
function setFields(fields, set) {
  if (typeof fields !== 'object' || fields === null) throw argumentError('fields', 'fields: are missing');
  for (const [name, value] of Object.entries(fields)) {
    const encodedValue = encoded(value, name);
    if (encodedValue) set(encoded(name, 'name'), encodedValue);
  }
}

function orFreed(handle, free, fill) {
  try {
    fill();
    return handle;
  } catch (error) {
    free(handle);
    throw error;
  }
}

module.exports = { DocumentType, document, order, reissue };

/*
 * wotrus.hpp: classes for C++98 and later over wotrus.h, which is the reference. Header only.
 *
 * Objects free the C objects that they own. Copies share one C object, and the reference count is not
 * atomic: pass other threads a pointer or a reference, not a copy. reply.check() throws wotrus::Error
 * for a failed call; nothing else does. A text that contains a NUL throws std::invalid_argument.
 */
#ifndef WOTRUS_HPP
#define WOTRUS_HPP

#include <stdexcept>
#include <string>
#include <utility>

#include <wotrus.h>

namespace wotrus {

/* A C object with a reference count. */
template <typename T, void (*Free)(T *)>
class Handle {
public:
    explicit Handle(T *object) : object_(object), owners_(0)
    {
        try {
            owners_ = new unsigned(1);
        } catch (...) {
            Free(object);
            throw;
        }
    }
    Handle(const Handle &other) : object_(other.object_), owners_(other.owners_) { ++*owners_; }
    Handle &operator=(Handle other)
    {
        std::swap(object_, other.object_);
        std::swap(owners_, other.owners_);
        return *this;
    }
    ~Handle()
    {
        if (--*owners_ == 0) {
            Free(object_);
            delete owners_;
        }
    }
    /* The C object, for the functions of wotrus.h. It must not be freed. */
    T *get() const { return object_; }

private:
    T *object_;
    unsigned *owners_;
};

/* A text; empty for NULL. */
inline std::string text(const char *value) { return value ? value : ""; }

/* A text for C, which would read it only up to a NUL. */
inline const char *c_text(const std::string &value)
{
    if (value.find('\0') != std::string::npos)
        throw std::invalid_argument("a text contains a NUL");
    return value.c_str();
}

/* A failed call. */
class Error : public std::runtime_error {
public:
    explicit Error(const wotrus_reply *reply)
        : std::runtime_error(text(wotrus_reply_message(reply))),
          status(wotrus_reply_status(reply)),
          kind(text(wotrus_reply_kind(reply))),
          cause(text(wotrus_reply_cause(reply))),
          delivery(text(wotrus_reply_delivery(reply))),
          request_id(text(wotrus_reply_request_id(reply))),
          idempotence_id(text(wotrus_reply_idempotence_id(reply))),
          http_status(wotrus_reply_http_status(reply)),
          attempts(wotrus_reply_attempts(reply))
    {
    }
    ~Error() throw() {}

    int status;
    std::string kind, cause, delivery, request_id, idempotence_id;
    int http_status;
    unsigned attempts;
};

class Reply : public Handle<wotrus_reply, wotrus_reply_free> {
public:
    explicit Reply(wotrus_reply *reply) : Handle<wotrus_reply, wotrus_reply_free>(reply) {}

    int status() const { return wotrus_reply_status(get()); }
    bool ok() const { return status() == WOTRUS_OK; }
    /* Throws Error unless ok(). */
    const Reply &check() const
    {
        if (!ok())
            throw Error(get());
        return *this;
    }
    std::string message() const { return text(wotrus_reply_message(get())); }
    std::string order_id() const { return text(wotrus_reply_order_id(get())); }
    /* A field by its path; empty if it is null or absent. */
    std::string field(const std::string &path) const
    {
        return text(wotrus_reply_get(get(), c_text(path)));
    }
    std::string json() const
    {
        size_t len = 0;
        const char *json = wotrus_reply_json(get(), &len);
        return json ? std::string(json, len) : std::string();
    }
    /* which is "RSA", "Sign", "Encrypt", or NULL for the first one in the answer. */
    std::string pem(const char *which = 0) const { return text(wotrus_reply_pem(get(), which)); }
    std::string full_chain(const char *which = 0) const
    {
        return text(wotrus_reply_full_chain(get(), which));
    }
    bool matches_csr(const std::string &csr, const char *which = 0) const
    {
        return wotrus_reply_matches_csr(get(), which, c_text(csr)) == 1;
    }
};

class Config : public Handle<wotrus_config, wotrus_config_free> {
public:
    Config() : Handle<wotrus_config, wotrus_config_free>(wotrus_config_new()) {}
    Config &set(const std::string &name, const std::string &value)
    {
        wotrus_config_set(get(), c_text(name), c_text(value));
        return *this;
    }
    Config &callback(wotrus_callback function, void *user)
    {
        wotrus_config_set_callback(get(), function, user);
        return *this;
    }
};

class Document : public Handle<wotrus_document, wotrus_document_free> {
    typedef Handle<wotrus_document, wotrus_document_free> Base;

public:
    /* A file, which is read while it is sent. */
    explicit Document(const std::string &path)
        : Base(wotrus_document_from_path(c_text(path), 0)) {}
    Document(const std::string &bytes, const std::string &file_type)
        : Base(wotrus_document_from_bytes(bytes.data(), bytes.size(), c_text(file_type))) {}
};

class Order : public Handle<wotrus_order, wotrus_order_free> {
public:
    Order() : Handle<wotrus_order, wotrus_order_free>(wotrus_order_new()) {}
    Order &set(const std::string &name, const std::string &value)
    {
        wotrus_order_set(get(), c_text(name), c_text(value));
        return *this;
    }
    Order &add(unsigned document_type, const Document &document)
    {
        wotrus_order_add_document(get(), document_type, document.get());
        return *this;
    }
};

class Reissue : public Handle<wotrus_reissue, wotrus_reissue_free> {
public:
    Reissue() : Handle<wotrus_reissue, wotrus_reissue_free>(wotrus_reissue_new()) {}
    Reissue &set(const std::string &name, const std::string &value)
    {
        wotrus_reissue_set(get(), c_text(name), c_text(value));
        return *this;
    }
    Reissue &proof(const Document &document)
    {
        wotrus_reissue_set_proof(get(), document.get());
        return *this;
    }
};

class Client : public Handle<wotrus_client, wotrus_client_free> {
    typedef Handle<wotrus_client, wotrus_client_free> Base;

public:
    explicit Client(const Config &config) : Base(wotrus_client_new(config.get())) {}
    /* A client that shares the connections and has its own options. */
    Client with(const Config &config) const { return Client(wotrus_client_with(get(), config.get())); }

    Reply create_order(const Order &order) const
    {
        return Reply(wotrus_create_order(get(), order.get()));
    }
    Reply query_order(const std::string &id) const
    {
        return Reply(wotrus_query_order(get(), c_text(id)));
    }
    Reply retrieve_certificate(const std::string &id) const
    {
        return Reply(wotrus_retrieve_certificate(get(), c_text(id)));
    }
    Reply cancel_order(const std::string &id, const std::string &reason) const
    {
        return Reply(wotrus_cancel_order(get(), c_text(id), c_text(reason)));
    }
    Reply revoke_certificate(const std::string &id, const std::string &reason,
                             const Document &proof) const
    {
        return Reply(wotrus_revoke_certificate(get(), c_text(id), c_text(reason), proof.get()));
    }
    Reply reissue_certificate(const Reissue &reissue) const
    {
        return Reply(wotrus_reissue_certificate(get(), reissue.get()));
    }
    Reply notify_by_email(const std::string &id, const std::string &collect_url) const
    {
        return Reply(wotrus_notify_by_email(get(), c_text(id), c_text(collect_url)));
    }
    Reply wait_for_certificate(const std::string &id, unsigned timeout_ms) const
    {
        return Reply(wotrus_wait_for_certificate(get(), c_text(id), timeout_ms));
    }
    /* Calls an operation by name, or "POST /v1/...", with its JSON. */
    Reply call(const std::string &operation, const std::string &json) const
    {
        return Reply(wotrus_call(get(), c_text(operation), json.data(), json.size()));
    }
    /* Calls any endpoint without a body: "GET /v1/...". */
    Reply call(const std::string &operation) const
    {
        return Reply(wotrus_call(get(), c_text(operation), 0, 0));
    }
    void cancel() const { wotrus_client_cancel(get()); }

private:
    explicit Client(wotrus_client *client) : Base(client) {}
};

inline Reply read_push(const std::string &body)
{
    return Reply(wotrus_read_push(body.data(), body.size()));
}

} // namespace wotrus

#endif

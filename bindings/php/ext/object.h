/* Objects with a C struct of their own, in PHP 5.6, 7 and 8. The struct must have the member std:
   first in PHP 5, last since 7, where the properties of the object follow it. */
#ifndef WOTRUS_OBJECT_H
#define WOTRUS_OBJECT_H

#include "php_wotrus.h"
#include "zend_interfaces.h"

#if PHP_VERSION_ID < 70000
#define WOTRUS_STD_FIRST zend_object std;
#define WOTRUS_STD_LAST
#else
#define WOTRUS_STD_FIRST
#define WOTRUS_STD_LAST zend_object std;
#endif

/* Defines NAME_of(), which returns the struct of an object, and NAME_create(), the function that
   creates one. release() frees what the struct holds. */
#if PHP_VERSION_ID < 70000
#define WOTRUS_OBJECT(name, type, release) \
	static zend_object_handlers name##_handlers; \
	static type *name##_of(zval *object TSRMLS_DC) \
	{ \
		return (type *)zend_object_store_get_object(object TSRMLS_CC); \
	} \
	static void name##_free(void *object TSRMLS_DC) \
	{ \
		release((type *)object); \
		zend_object_std_dtor(&((type *)object)->std TSRMLS_CC); \
		efree(object); \
	} \
	static zend_object_value name##_create(zend_class_entry *class_entry TSRMLS_DC) \
	{ \
		zend_object_value value; \
		type *object = ecalloc(1, sizeof(*object)); \
		zend_object_std_init(&object->std, class_entry TSRMLS_CC); \
		object_properties_init(&object->std, class_entry); \
		value.handle = zend_objects_store_put(object, \
				(zend_objects_store_dtor_t)zend_objects_destroy_object, name##_free, NULL TSRMLS_CC); \
		value.handlers = &name##_handlers; \
		return value; \
	}
#else
#define WOTRUS_OBJECT(name, type, release) \
	static zend_object_handlers name##_handlers; \
	static type *name##_of(zval *object) \
	{ \
		return (type *)((char *)Z_OBJ_P(object) - offsetof(type, std)); \
	} \
	static void name##_free(zend_object *object) \
	{ \
		release((type *)((char *)object - offsetof(type, std))); \
		zend_object_std_dtor(object); \
	} \
	static zend_object *name##_create(zend_class_entry *class_entry) \
	{ \
		type *object = ecalloc(1, sizeof(*object) + zend_object_properties_size(class_entry)); \
		zend_object_std_init(&object->std, class_entry); \
		object_properties_init(&object->std, class_entry); \
		object->std.handlers = &name##_handlers; \
		return &object->std; \
	}
#endif

/* Sets up a class of such objects. They hold a connection, a secret or a pointer, so they are
   neither cloned nor serialized. */
#if PHP_VERSION_ID >= 70000
#define WOTRUS_SET_HANDLERS(name, type) \
	name##_handlers.offset = offsetof(type, std); \
	name##_handlers.free_obj = name##_free;
#else
#define WOTRUS_SET_HANDLERS(name, type)
#endif
#define WOTRUS_SET_CLASS(name, type, class_entry) do { \
		(class_entry)->create_object = name##_create; \
		memcpy(&name##_handlers, zend_get_std_object_handlers(), sizeof(name##_handlers)); \
		name##_handlers.clone_obj = NULL; \
		WOTRUS_SET_HANDLERS(name, type) \
		wotrus_close_class(class_entry); \
	} while (0)

static inline void wotrus_close_class(zend_class_entry *class_entry)
{
	class_entry->ce_flags |= WOTRUS_FINAL;
#if PHP_VERSION_ID >= 80100
	class_entry->ce_flags |= ZEND_ACC_NOT_SERIALIZABLE;
#else
	class_entry->serialize = zend_class_serialize_deny;
	class_entry->unserialize = zend_class_unserialize_deny;
#endif
#if PHP_VERSION_ID >= 80000
	class_entry->ce_flags |= ZEND_ACC_NO_DYNAMIC_PROPERTIES;
#endif
}

#endif

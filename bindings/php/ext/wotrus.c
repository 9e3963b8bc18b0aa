/* The module entry, and its part of phpinfo(). */
#include "php_wotrus.h"
#include "ext/standard/info.h"

ZEND_DECLARE_MODULE_GLOBALS(wotrus)

static PHP_GINIT_FUNCTION(wotrus)
{
	memset(wotrus_globals, 0, sizeof(*wotrus_globals));
}

static PHP_GSHUTDOWN_FUNCTION(wotrus)
{
	wotrus_kept_forget_all(wotrus_globals);
}

static PHP_MINIT_FUNCTION(wotrus)
{
	wotrus_register_native(TSRMLS_C);
	wotrus_register_reply(TSRMLS_C);
	wotrus_register_names();
	return SUCCESS;
}

static PHP_MINFO_FUNCTION(wotrus)
{
	char abi[16], kept[48];
	snprintf(abi, sizeof(abi), "%d", wotrus_abi());
	snprintf(kept, sizeof(kept), "%d (of %d at most)", wotrus_kept_count(TSRMLS_C), WOTRUS_KEPT);
	php_info_print_table_start();
	php_info_print_table_row(2, "WoTrus certificates", "enabled");
	php_info_print_table_row(2, "libwotrus, running", wotrus_version());
	php_info_print_table_row(2, "libwotrus, compiled with", WOTRUS_VERSION);
	php_info_print_table_row(2, "libwotrus ABI", abi);
	php_info_print_table_row(2, "Clients kept by this worker", kept);
	php_info_print_table_end();
}

zend_module_entry wotrus_module_entry = {
	STANDARD_MODULE_HEADER,
	"wotrus",
	NULL,
	PHP_MINIT(wotrus),
	NULL,
	NULL,
	NULL,
	PHP_MINFO(wotrus),
	WOTRUS_VERSION,
	PHP_MODULE_GLOBALS(wotrus),
	PHP_GINIT(wotrus),
	PHP_GSHUTDOWN(wotrus),
	NULL,
	STANDARD_MODULE_PROPERTIES_EX
};

#ifdef COMPILE_DL_WOTRUS
ZEND_GET_MODULE(wotrus)
#endif

//! Keeps the library loaded. Threads of the library (name resolution, connecting) may outlive the call that
//! started them, so the code that they run must not be unloaded. On ELF systems the linker flag `nodelete` in
//! build.rs does this.

/// Makes unloading the library impossible. It costs one system call; later calls do nothing.
#[cfg(windows)]
pub(super) fn stay_loaded() {
    use std::ffi::c_void;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[link(name = "kernel32")]
    unsafe extern "system" {
        fn GetModuleHandleExW(flags: u32, address: *const c_void, module: *mut *mut c_void) -> i32;
    }
    const PIN: u32 = 1;
    const FROM_ADDRESS: u32 = 4;
    static DONE: AtomicBool = AtomicBool::new(false);

    if DONE.load(Ordering::Relaxed) {
        return;
    }
    let mut module = std::ptr::null_mut();
    let address = stay_loaded as fn() as *const c_void;
    // SAFETY: the address is in this module, and the handle that is written is not used.
    let pinned = unsafe { GetModuleHandleExW(PIN | FROM_ADDRESS, address, &mut module) };
    DONE.store(pinned != 0, Ordering::Relaxed);
}

#[cfg(not(windows))]
pub(super) fn stay_loaded() {}

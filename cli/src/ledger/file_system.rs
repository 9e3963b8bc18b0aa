//! File systems on which SQLite's locks and shared memory cannot be relied on.

use std::fs;
use std::io;
use std::path::Path;

/// `f_type` of statfs, from the kernel's headers.
const NETWORK: &[(u32, &str)] = &[
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB 2"),
    (0x5346_414f, "AFS"),
    (0x6b41_4653, "AFS"),
    (0x7375_7245, "Coda"),
    (0x00c3_6400, "Ceph"),
    (0x0102_1997, "9P"),
    (0x0bd0_0bd0, "Lustre"),
    (0x4750_4653, "GPFS"),
    (0x7461_636f, "OCFS2"),
    (0x0116_1970, "GFS2"),
    (0x786f_4256, "VirtualBox shared folder"),
    (0xbacb_acbc, "VMware shared folder"),
];
const FUSE: u32 = 0x6573_5546;
/// The types of FUSE mounts that are on this machine's own disks.
const LOCAL_FUSE: &[&str] =
    &["fuseblk", "fuse.gocryptfs", "fuse.encfs", "fuse.fuse-overlayfs", "fuse.bindfs"];

/// The name of the network file system that the folder is on, if it is on one.
pub(super) fn network(folder: &Path) -> io::Result<Option<String>> {
    // The type is 32 bits wide in all of them, whatever the width and the sign of the field.
    let kind = rustix::fs::statfs(folder)?.f_type as u32;
    if kind == FUSE {
        let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        let name = mount_type(&mounts, &folder.canonicalize()?);
        return Ok(name.filter(|name| !LOCAL_FUSE.contains(&name.as_str())));
    }
    Ok(NETWORK.iter().find(|(number, _)| *number == kind).map(|(_, name)| (*name).to_owned()))
}

/// The file system type of the mount that a folder is on: of the mount points above the folder the
/// longest one counts, and of mounts at the same point the last one.
fn mount_type(mounts: &str, folder: &Path) -> Option<String> {
    let mounts = mounts.lines().filter_map(|line| {
        let (head, tail) = line.split_once(" - ")?;
        let point = unescaped(head.split(' ').nth(4)?);
        Some((point, tail.split(' ').next()?))
    });
    let above = mounts.filter(|(point, _)| folder.starts_with(point));
    above.max_by_key(|(point, _)| point.len()).map(|(_, kind)| kind.to_owned())
}

/// mountinfo writes blanks and backslashes as octal numbers.
fn unescaped(text: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .into_iter()
        .fold(text.to_owned(), |text, (code, character)| text.replace(code, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_mount_counts() {
        let mounts = "21 1 8:1 / / rw - ext4 /dev/sda1 rw\n\
                      30 21 0:40 / /mnt/a\\040b rw shared:1 - fuse.sshfs host: rw\n\
                      31 21 0:41 / /home rw - fuse.gocryptfs x rw\n";
        assert_eq!(mount_type(mounts, Path::new("/mnt/a b/c")).as_deref(), Some("fuse.sshfs"));
        assert_eq!(mount_type(mounts, Path::new("/mnt/a")).as_deref(), Some("ext4"));
        assert_eq!(mount_type(mounts, Path::new("/home/u")).as_deref(), Some("fuse.gocryptfs"));
    }

    #[test]
    fn the_temporary_folder_is_local() {
        assert_eq!(network(&std::env::temp_dir()).unwrap(), None);
    }
}

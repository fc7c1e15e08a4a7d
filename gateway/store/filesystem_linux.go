package store

import (
	"fmt"
	"os"
	"syscall"
)

// Network file systems by the magic number of statfs(2). Their locks and their
// idea of a written page are not good enough for SQLite's WAL.
var networkFileSystems = map[int64]string{
	0x6969:     "NFS",
	0x517b:     "SMB",
	0xff534d42: "CIFS",
	0xfe534d42: "SMB2",
	0x564c:     "NCP",
	0x5346414f: "AFS",
	0x00c36400: "Ceph",
	0x47504653: "GPFS",
	0x0bd00bd0: "Lustre",
	0x01021997: "9P",
}

func checkFileSystem(dir string) error {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	if name, ok := networkFileSystems[int64(st.Type)&0xffffffff]; ok {
		return fmt.Errorf("%s lies on a network file system (%s), where SQLite can lose data: put the database on a local disk", dir, name)
	}
	return nil
}

// spaceOf says how much the file system of an open file holds, and how much of that is
// left to this process, in bytes.
func spaceOf(f *os.File) (left, size uint64, err error) {
	var st syscall.Statfs_t
	if err := syscall.Fstatfs(int(f.Fd()), &st); err != nil {
		return 0, 0, fmt.Errorf("%s: %w", f.Name(), err)
	}
	block := uint64(st.Bsize)
	return st.Bavail * block, st.Blocks * block, nil
}

package main

import (
	"slices"
	"testing"
)

func TestMappedFrom(t *testing.T) {
	const maps = `00400000-00401000 r--p 00000000 fe:00 11 /opt/tollgate
Rss:                   4 kB
Anonymous:             0 kB
AnonHugePages:         0 kB
VmFlags: rd mr mw me
00401000-0160b000 r-xp 00001000 fe:00 11                         /opt/tollgate
Anonymous:             0 kB
0160b000-0160c000 r-xp 00001000 fe:00 11                         /opt/tollgate
Anonymous:             4 kB
02cb6000-02cbc000 r--p 028b6000 fe:00 11                         /opt/tollgate
Anonymous:            24 kB
02cbc000-02e29000 rw-p 028bb000 fe:00 11                         /opt/tollgate
Anonymous:             0 kB
02e29000-04ea4000 rw-p 00000000 00:00 0
Anonymous:             0 kB
1000-2000 r--p 00000000 fe:00 12                                 /opt/old/tollgate
Anonymous:             0 kB
3000-4000 r--p 00000000 fe:00 12                                 /opt/tollgate.db
Anonymous:             0 kB
7ffd6f5f2000-7ffd6f5f4000 r-xp 00000000 00:00 0                  [vdso]
Anonymous:             0 kB
no line of theirs
`
	want := mapped{{0x400000, 0x401000}, {0x401000, 0x160b000}}
	if got := mappedFrom(maps, "/opt/tollgate"); !slices.Equal(got, want) {
		t.Errorf("%x", got)
	}
}

// TestUnmap: the program runs on, and its pages come back as they are needed.
func TestUnmap(t *testing.T) {
	m := ownFile()
	if len(m) == 0 {
		t.Fatal("the kernel tells nothing of this process")
	}
	m.unmap()
	if got := ownFile(); !slices.Equal(got, m) {
		t.Errorf("%x, then %x", m, got)
	}
}

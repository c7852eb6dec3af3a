package main

import (
	"bufio"
	"bytes"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
)

// memoryShare is what of the memory that there is --max-memory takes unless told otherwise, in quarters. The last quarter is for what sessions that are there
// may come to need, and for the rest of the machine.
const memoryShare = 3

// machineMemory is how many bytes of memory the process may have, and what says so: the machine's, or the limit of a cgroup that it is in, of version 1 or 2, whichever
// is less. 0: it can't be known. root is the machine's file system.
func machineMemory(root fs.FS) (bytes uint64, from string) {
	least := func(n uint64, what string) {
		if n > 0 && (bytes == 0 || n < bytes) {
			bytes, from = n, what
		}
	}
	least(memTotal(root), "the machine")
	for _, dir := range cgroups(root) {
		for _, name := range []string{"memory.max", "memory.limit_in_bytes"} {
			text, err := fs.ReadFile(root, path.Join(dir, name))
			if err != nil {
				continue
			}
			// Version 2 says "max" where there is no limit, version 1 a number that no machine has.
			if n, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64); err == nil {
				least(n, "its cgroup")
			}
		}
	}
	return bytes, from
}

// memTotal reads what the kernel has (proc_meminfo(5)).
func memTotal(root fs.FS) uint64 {
	text, err := fs.ReadFile(root, "proc/meminfo")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "MemTotal:"); ok {
			n, err := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 54)
			if err == nil {
				return n << 10
			}
		}
	}
	return 0
}

// cgroups are the directories of the cgroups that the process is in, with those around them: each may have a limit (cgroups(7)). In a container the path may be the
// host's, and the directory at the root the container's own.
func cgroups(root fs.FS) (dirs []string) {
	text, err := fs.ReadFile(root, "proc/self/cgroup")
	if err != nil {
		return nil
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		parts := strings.SplitN(lines.Text(), ":", 3)
		if len(parts) != 3 {
			continue
		}
		mount := ""
		switch {
		case parts[1] == "": // version 2
			mount = "sys/fs/cgroup"
		case strings.Contains(","+parts[1]+",", ",memory,"):
			mount = "sys/fs/cgroup/memory"
		default:
			continue
		}
		for at := path.Clean("/" + parts[2]); ; at = path.Dir(at) {
			dirs = append(dirs, path.Join(mount, at))
			if at == "/" {
				break
			}
		}
	}
	return dirs
}

// thisMachine is where the files above are.
var thisMachine fs.FS = os.DirFS("/")

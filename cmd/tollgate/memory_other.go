//go:build !linux

package main

// unused needs Linux.
func unused([]byte) {}

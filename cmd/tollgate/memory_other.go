//go:build !linux

package main

// unused needs Linux.
func unused([]byte) {}

// mapped needs Linux.
type mapped struct{}

func ownFile() mapped { return mapped{} }

func (mapped) unmap() {}

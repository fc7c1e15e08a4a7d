//go:build !linux

package main

// mapped needs Linux.
type mapped struct{}

func ownFile() mapped { return mapped{} }

func (mapped) unmap() {}

package http1

import (
	"context"
	"testing"
)

// TestA15_AddressesThatAreNeverCalled: however it is written, an address that serves a
// machine's own credentials is not dialled.
func TestA15_AddressesThatAreNeverCalled(t *testing.T) {
	for _, address := range []string{
		"169.254.169.254:80", "[::ffff:169.254.169.254]:80", "[::ffff:a9fe:a9fe]:80", "[fe80::1%1]:80", "0.0.0.0:80", "[::]:80",
		"224.0.0.1:80", "[ff02::1]:80", "[fd00:ec2::254]:80", "100.100.100.200:80",
	} {
		_, err := NewDialer().DialContext(context.Background(), "tcp", address)
		if !NeverCalled(err) {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, address := range []string{"127.0.0.1:1", "[::1]:1", "10.0.0.1:1", "192.168.0.1:1", "8.8.8.8:1", "[fd00::1]:1", "100.64.0.1:1"} {
		if err := mayCall(address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

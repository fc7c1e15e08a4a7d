package main

/*
#include <sys/prctl.h>

// Before Go begins, since threads have it from the one that makes them.
__attribute__((constructor)) static void slack(void) {
	prctl(PR_SET_TIMERSLACK, 500000UL, 0UL, 0UL, 0UL);
}
*/
import "C"

// timerSlack is how much later than asked for the kernel may wake a thread that sleeps, so
// that several are woken at once; 50 µs unless told otherwise (prctl(2)). Go's own watchman
// sleeps for 20 µs at a time after each moment in which the process had nothing to do. With
// streams such moments come with every token, and in virtual machines, where a timer costs
// most, those naps made up a fifth of a token's processor time. Deadlines and tickers, which
// Go asks for in whole milliseconds, are later by as much.
const timerSlack = 500_000 // ns

// Package spelling says how far two words are from each other, so that whoever refuses a word
// can name the one that was meant.
//
// It imports nothing of ours, and does not know which words there are or what they mean.
package spelling

// MaxWord is the length in bytes from which a word is not worth comparing.
const MaxWord = 64

// Distance counts the insertions, deletions, replacements and swaps of neighbours that lead
// from a to b, byte by byte. Its time grows with the product of their lengths.
func Distance(a, b string) int {
	before, row := []int(nil), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next[j+1] = min(row[j+1]+1, next[j]+1, row[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}

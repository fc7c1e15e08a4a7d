package toll

import "testing"

// TestBackgroundPlaces: so many calls are followed and no more; one that ends makes room.
func TestBackgroundPlaces(t *testing.T) {
	var f following
	f.start()
	defer f.close()
	var leave func()
	for i := range MaxBackground {
		if leave = f.take(); leave == nil {
			t.Fatalf("no place for call %d", i+1)
		}
	}
	if f.take() != nil {
		t.Fatalf("a place for call %d", MaxBackground+1)
	}
	leave()
	if f.take() == nil || f.take() != nil {
		t.Fatal("one that left does not make room for one")
	}
}

package amendment

// Listing is what is done about a person and a list.
type Listing string

// What is done.
const (
	Enter Listing = "enter" // they are put on it, once
	Leave Listing = "leave" // they are taken off it
)

// Listed are the orders that are about lists.
func Listed(orders []Order) (out []Order) {
	for _, o := range orders {
		if o.List != "" {
			out = append(out, o)
		}
	}
	return out
}

package connectors

import (
	"context"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Scout is a connector that can tell, in sentences without a value, what lies in its system that nobody has said anything about.
type Scout interface {
	Unknown(ctx context.Context) ([]string, error)
}

// Eraser is a connector that can also change what it reads.
type Eraser interface {
	Connector
	Describer
	// Survey counts what an errand would reach, without changing anything and without reading a value out of the system, except the days it was asked for.
	Survey(ctx context.Context, e Errand) ([]Survey, error)
	// Erase carries the orders out, one after the other, in batches that each are a transaction of their own where the system has them.
	// An order that was carried out changes nothing when it is given again, so work that stopped anywhere is begun again from the start.
	Erase(ctx context.Context, e Errand, ledger Ledger) error
}

// Errand is what is to be done about one person in one system.
type Errand struct {
	// Selection says how rows are found. Only and Exports have no meaning here. Keys may also hold values of this system's own fields:
	// they stand in for looking into the collection that they come from, whose rows may be gone or masked by then.
	Selection
	// Orders are carried out in their order.
	Orders []erasure.Order
	// Roots are primary keys of rows that were the person's when the work began, by collection (the field is the whole key, which is one column):
	// they count as the person's also when nothing in them says so any more. They are personal data.
	Roots []KeySet
	// Secret makes tokens: see Tokens. It is 32 bytes, of this case alone.
	Secret []byte
}

// Survey is what an order finds in one collection.
type Survey struct {
	dataset.Address
	// Own are the rows that are the person's.
	Own int64 `json:"own"`
	// Others are rows that the person's rows point at and that are somebody else's, or shared with somebody: they are not touched. Those of Parts
	// are not among them.
	Others int64 `json:"others"`
	// Parts are rows of somebody else in which single elements are the person's.
	Parts int64 `json:"parts"`
	// Days counts the person's rows by the day in the order's field, in order; Undated are those without a day. Both are empty when the order asks for none.
	Days    []DayCount `json:"days,omitempty"`
	Undated int64      `json:"undated,omitempty"`
	// Left are rows in which the order still has something to do, those of Trim and Parts included: 0 when it was carried out.
	Left int64 `json:"left"`
}

// DayCount is how many rows fall on a day.
type DayCount struct {
	Day  privacy.Date `json:"day"`
	Rows int64        `json:"rows"`
}

// Ledger hears what is done while it is done. It is told of one thing at a time, though several batches may be under way.
type Ledger interface {
	// Begin comes before the first row of a collection is changed. With done the collection is passed over.
	Begin(ctx context.Context, collection dataset.Address) (done bool, err error)
	// Changed comes after each batch that the system has taken for good, with what it changed. Its error ends the work; nothing is told after
	// it, and what was under way beside that batch may still be taken.
	Changed(ctx context.Context, collection dataset.Address, batch Tally) error
	// End comes when a collection is done with.
	End(ctx context.Context, collection dataset.Address) error
}

// Tally is what was changed in a collection, in rows.
type Tally struct {
	Deleted int64 `json:"deleted"`
	Masked  int64 `json:"masked"`
	Trimmed int64 `json:"trimmed"`
	Parts   int64 `json:"parts"`
}

// Roster is a connector that can list every value by which people are found in a field: a restored backup is searched by it for those who
// were erased. Parts are bounded; what each returns ends the listing when it is an error. Values may come more than once.
type Roster interface {
	Roll(ctx context.Context, field dataset.FieldAddress, each func(values []string) error) error
}

// KeyFinder is a connector that says in which collections it finds rows by one field, such as their primary key, whatever else they say: there the Roots
// of an errand that is Bound lead to all that was the person's. Connectors to databases with tables find rows by any field and need not say so.
type KeyFinder interface {
	FindsBy(collection dataset.Address, field []string) bool
}

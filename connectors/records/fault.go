package records

import "github.com/privacy-docket/docket/connectors"

// documentFault is the error for a document of the system that the annotation or an order doesn't fit.
func documentFault(where, what, do string) *connectors.Error {
	return &connectors.Error{Code: connectors.ErrDocument, Where: where, What: what, Do: do}
}

func selectionFault(where, what, do string) *connectors.Error {
	return &connectors.Error{Code: connectors.ErrSelection, Where: where, What: what, Do: do}
}

// Stopped is the error for work that was broken off.
func Stopped(where string, cause error) error {
	return (&connectors.Error{Code: connectors.ErrTimeout, Where: where, What: "the work was stopped before it was done", Do: "try again"}).Wrap(cause)
}

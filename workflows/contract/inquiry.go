package contract

import (
	"time"

	"github.com/google/uuid"
)

// InquiryInput starts the workflow of an inquiry.
type InquiryInput struct {
	Ref
	Inquiry uuid.UUID `json:"inquiry"`
}

// InquiryLook says whether there is anything left to do about an inquiry, and when to look at it again.
type InquiryLook struct {
	Done bool      `json:"done,omitempty"`
	At   time.Time `json:"at,omitzero"`
}

// InquiryFailure tells the case that whoever is to be asked can't be.
type InquiryFailure struct {
	InquiryInput
	Code    string `json:"code"`
	Problem string `json:"problem"`
}

package contract

import (
	"context"

	"github.com/google/uuid"
)

// HandoverInput asks for a receiver to be told whom it may write to no more.
type HandoverInput struct {
	Tenant   uuid.UUID `json:"tenant"`
	Receiver uuid.UUID `json:"receiver"`
}

// HandoverID is the workflow id of telling a receiver.
func HandoverID(receiver uuid.UUID) string { return "consent-handover/" + receiver.String() }

// StartHandover has a receiver told, unless it is being told.
func StartHandover(ctx context.Context, temporal Starter, in HandoverInput) error {
	return startOnce(ctx, temporal, HandoverID(in.Receiver), HandoverWorkflow, in)
}

package notify

import "time"

// AppealReceived confirms an appeal, or a complaint to the controller, and says when it is decided.
type AppealReceived struct {
	Frame
	Received time.Time
	// AnswerBy is the last day for the decision; zero where the law names none.
	AnswerBy time.Time
	// Complaint says that it is one: section 164A of the UK Data Protection Act 2018.
	Complaint bool
}

// AppealDecided tells what came of an appeal, why, and where the person can turn now.
type AppealDecided struct {
	Frame
	Received time.Time
	Granted  bool
	// Explanation is what the staff write; lines are kept.
	Explanation string
	Complaint   bool
	Remedy      Remedy
}

// Kind of each.
func (*AppealReceived) Kind() Kind { return KindAppealReceived }
func (*AppealDecided) Kind() Kind  { return KindAppealDecided }

func (a *AppealReceived) whole() error { return need(!a.Received.IsZero(), "Received") }

func (a *AppealDecided) whole() error {
	return need(!a.Received.IsZero() && a.Explanation != "", "Received and Explanation")
}

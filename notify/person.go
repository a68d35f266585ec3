package notify

import (
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// Letter is the data of one kind of letter. The kinds are closed: only this package can add one.
type Letter interface {
	Kind() Kind
	frame() *Frame
}

// Frame is what every letter carries around its own words: who writes, to whom, about which case.
type Frame struct {
	Controller Controller
	// Name of the person, for the greeting. May be empty; a name that looks like an advertisement is left out.
	Name string
	// Reference is the case's public reference, for example DSR-2026-0042.
	Reference string
	// Right that was used.
	Right privacy.Right
	// Regime is the law's id in policies/: gdpr, uk-gdpr, ccpa, …
	Regime string
	// Outside says that the letter goes to somebody else than the person.
	Outside bool
}

func (f *Frame) frame() *Frame { return f }

// Controller is the organisation that answers (Art. 4(7) GDPR), as its letters show it.
type Controller struct {
	Name string
	// DPO is the name or function of the data protection officer or privacy contact; may be empty.
	DPO string
	// Contact is how to reach them: an e-mail address or a page.
	Contact string
	// Address is the postal address on one line; may be empty.
	Address string
	// Zone is the zone of the dates; nil means UTC.
	Zone *time.Location
}

// Remedy is where a person can turn when the answer is no or late (Art. 12(4) GDPR and its siblings).
type Remedy struct {
	// Authority is the name of the supervisory authority in the language of the letter.
	Authority string
	// AuthorityURL leads to its complaint page; may be empty.
	AuthorityURL string
	// ComplaintTo is where a complaint to the organisation itself goes (section 164A of the UK Data Protection Act
	// 2018, appeals under US state laws); may be empty.
	ComplaintTo string
	// Until is the last day for the remedy where the law sets one; zero when it sets none.
	Until time.Time
}

// Acknowledgement confirms that a request has arrived and says when the answer comes.
type Acknowledgement struct {
	Frame
	Received time.Time
	// AnswerBy is the last day for the answer.
	AnswerBy time.Time
	// StatusLink leads to the page where the person follows the request; may be empty.
	StatusLink string
	// Verify tells that the person will have to show who they are first.
	Verify bool
}

// OneTimeCode carries the code that proves control of the mailbox.
type OneTimeCode struct {
	Frame
	Code string
	// Minutes that the code stays valid.
	Minutes int
	// Link leads to the page that asks for the code; may be empty.
	Link string
}

// IdentityReminder asks again for the proof of identity.
type IdentityReminder struct {
	Frame
	Link string
	// CloseOn is the day on which the request is closed without a proof.
	CloseOn time.Time
}

// IdentityClosed tells that the request was closed because nobody proved who asked.
type IdentityClosed struct {
	Frame
	Received time.Time
	Remedy   Remedy
}

// Clarification asks which systems or which period the request is about (recital 63 GDPR; Art. 12A(5) UK GDPR).
type Clarification struct {
	Frame
	// Question is the staff's own text; lines are kept.
	Question string
	// Systems to choose from; may be empty.
	Systems []string
	// PeriodAsked tells that the period is in doubt.
	PeriodAsked bool
	Link        string
	// Paused tells that the time for the answer stands still meanwhile.
	Paused bool
	// AnswerBy is the last day for the answer if the clock does not stand still; ignored when Paused.
	AnswerBy time.Time
}

// Extension tells that the answer takes longer, until when and why (Art. 12(3) GDPR).
type Extension struct {
	Frame
	// OldDate and NewDate are the last days for the answer before and after.
	OldDate, NewDate time.Time
	// Reasons is never empty.
	Reasons []ExtensionReason
	Remedy  Remedy
}

// Refusal tells that a request, or a part of it, is refused, why, and what the person can do (Art. 12(4) GDPR).
type Refusal struct {
	Frame
	Received time.Time
	Reason   privacy.RefusalReason
	// Citation of the rule from the policy; letters use their own wording of it where they have one.
	Citation string
	// Explanation is what the staff add about this case; lines are kept; may be empty.
	Explanation string
	// Partly tells that the rest of the request is answered.
	Partly bool
	// LimitsEnd is when limits end that stood while the request was decided on (Art. 18(3) GDPR); zero when none did.
	LimitsEnd time.Time
	// StatementLink leads to where the person can put a statement beside data that is not corrected; "" where there is none.
	StatementLink string
	// AppealLink leads to where the person can have the answer looked at again, where the law has appeals; "" where it has none.
	AppealLink string
	Remedy     Remedy
}

// Withdrawn confirms that the person took the request back.
type Withdrawn struct {
	Frame
	On time.Time
	// Erased names the areas in which data was erased by then.
	Erased []string
}

// Cancelled tells that the request was stopped without a decision, for example because it was filed by mistake.
type Cancelled struct {
	Frame
	On     time.Time
	Remedy Remedy
}

// PackageReady carries the link to the package.
type PackageReady struct {
	Frame
	// Link works once.
	Link string
	// Expires is when the package is destroyed.
	Expires time.Time
}

// DownloadCode carries the code that opens the download page.
type DownloadCode struct {
	Frame
	Code string
	// Minutes that the code stays valid.
	Minutes int
}

// PackageResent carries a new link to the same package; the old one is dead.
type PackageResent struct {
	Frame
	Link    string
	Expires time.Time
}

// PackageExpired tells that the package was destroyed.
type PackageExpired struct {
	Frame
	On time.Time
	// Downloaded tells that the person had fetched it before.
	Downloaded bool
}

// Reopened tells that a closed request is being worked on again.
type Reopened struct {
	Frame
	On, AnswerBy time.Time
	StatusLink   string
}

// DuplicateLinked tells that the same request is already open and that the two are handled together.
type DuplicateLinked struct {
	Frame
	// Open is the reference of the request that goes on.
	Open       string
	AnswerBy   time.Time
	StatusLink string
}

// MessageWaiting tells that somebody wrote to the person about their request. What was written stands on the page alone.
type MessageWaiting struct {
	Frame
	// Link leads to the page of the request.
	Link string
}

// MessageCode carries the code that opens the conversation.
type MessageCode struct {
	Frame
	Code string
	// Minutes that the code stays valid.
	Minutes int
}

// Kind of each letter.
func (*Acknowledgement) Kind() Kind  { return KindAcknowledgement }
func (*OneTimeCode) Kind() Kind      { return KindOneTimeCode }
func (*IdentityReminder) Kind() Kind { return KindIdentityReminder }
func (*IdentityClosed) Kind() Kind   { return KindIdentityClosed }
func (*Clarification) Kind() Kind    { return KindClarification }
func (*Extension) Kind() Kind        { return KindExtension }
func (*Refusal) Kind() Kind          { return KindRefusal }
func (*Withdrawn) Kind() Kind        { return KindWithdrawn }
func (*Cancelled) Kind() Kind        { return KindCancelled }
func (*PackageReady) Kind() Kind     { return KindPackageReady }
func (*DownloadCode) Kind() Kind     { return KindDownloadCode }
func (*PackageResent) Kind() Kind    { return KindPackageResent }
func (*PackageExpired) Kind() Kind   { return KindPackageExpired }
func (*Reopened) Kind() Kind         { return KindReopened }
func (*DuplicateLinked) Kind() Kind  { return KindDuplicateLinked }
func (*MessageWaiting) Kind() Kind   { return KindMessageWaiting }
func (*MessageCode) Kind() Kind      { return KindMessageCode }

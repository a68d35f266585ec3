package audit

// Action names what happened, as object and verb in lower case, for example request.received.
type Action string

// The actions of the engine. An action is never renamed: old entries keep their name for ever.
const (
	TenantCreated  Action = "tenant.created"
	TenantChanged  Action = "tenant.changed"
	KeyCreated     Action = "key.created"
	KeyRotated     Action = "key.rotated"
	KeyDestroyed   Action = "key.destroyed"
	SignedIn       Action = "staff.signed_in"
	SignInRefused  Action = "staff.sign_in_refused"
	RoleChanged    Action = "staff.role_changed"
	StaffChanged   Action = "staff.changed"
	FeedCreated    Action = "calendar_feed.created"
	FeedRevoked    Action = "calendar_feed.revoked"
	APIKeyCreated  Action = "api_key.created"
	APIKeyRevoked  Action = "api_key.revoked"
	CommandRefused Action = "command.refused"

	SignedOut           Action = "staff.signed_out"
	SessionEnded        Action = "staff.session_ended"
	FactorAdded         Action = "staff.factor_added"
	FactorRemoved       Action = "staff.factor_removed"
	FactorGiven         Action = "staff.factor_given"
	PasswordChanged     Action = "staff.password_changed"
	ResetSent           Action = "staff.reset_sent"
	InvitationSent      Action = "staff.invitation_sent"
	InvitationAccepted  Action = "staff.invitation_accepted"
	StaffLeft           Action = "staff.deactivated"
	StaffReturned       Action = "staff.activated"
	OperatorEntered     Action = "tenant.entered_by_operator"
	SingleSignOnChanged Action = "tenant.single_sign_on_changed"
	SingleSignOnRemoved Action = "tenant.single_sign_on_removed"

	RequestReceived     Action = "request.received"
	RequestBackdated    Action = "request.backdated"
	RequestAcknowledged Action = "request.acknowledged"
	RequestAssigned     Action = "request.assigned"
	RequestNoted        Action = "request.noted"
	RequestLinked       Action = "request.linked"
	RequestClarify      Action = "request.clarification_asked"
	RequestClarified    Action = "request.clarified"
	RequestMoved        Action = "request.state_changed"
	RequestRefused      Action = "request.refused"
	RequestWithdrawn    Action = "request.withdrawn"
	RequestCancelled    Action = "request.cancelled"
	RequestReopened     Action = "request.reopened"
	RequestClosed       Action = "request.closed"
	RequestViewed       Action = "request.viewed"
	RequestCopied       Action = "request.copied"
	RequestsExported    Action = "request.list_exported"
	RequestForgotten    Action = "request.forgotten" // what was held of the person in a closed case is destroyed

	IdentityCodeSent  Action = "identity.code_sent"
	IdentityCodeWrong Action = "identity.code_wrong"
	IdentityProven    Action = "identity.proven"
	IdentityChecking  Action = "identity.mailbox_proven"
	IdentityRefused   Action = "identity.refused"
	DocumentReceived  Action = "document.received"
	DocumentSent      Action = "document.sent" // the person sent something to show what they say
	DocumentDestroyed Action = "document.destroyed"

	ObligationCreated   Action = "obligation.created"
	ObligationReminded  Action = "obligation.reminded"
	ObligationPaused    Action = "obligation.paused"
	ObligationResumed   Action = "obligation.resumed"
	ObligationExtended  Action = "obligation.extended"
	ObligationMet       Action = "obligation.met"
	ObligationOverdue   Action = "obligation.overdue"
	ObligationWaived    Action = "obligation.waived"
	ObligationEscalated Action = "obligation.escalated"
	EscalationAccepted  Action = "obligation.escalation_acknowledged"

	TaskCreated   Action = "task.created"
	TaskAnswered  Action = "task.answered"
	TaskCancelled Action = "task.cancelled"
	TaskClaimed   Action = "task.claimed"
	TaskReleased  Action = "task.released"
	TaskCompleted Action = "task.completed"
	TaskAttached  Action = "task.attached"

	SystemCreated    Action = "system.created"
	SystemChanged    Action = "system.changed"
	SystemStopped    Action = "system.stopped"
	SystemResumed    Action = "system.resumed"
	SystemTested     Action = "system.tested"
	SystemPreviewed  Action = "system.previewed"
	SystemScanned    Action = "system.scanned"
	DatasetSaved     Action = "dataset.saved"
	CollectStarted   Action = "collection.started"
	CollectFinished  Action = "collection.finished"
	RedactionMade    Action = "review.redacted"
	ReviewApproved   Action = "review.approved"
	PackageBuilt     Action = "package.built"
	PackageDelivered Action = "package.delivered"
	PackageResent    Action = "package.resent"
	PackageDownload  Action = "package.downloaded"
	PackageExpired   Action = "package.expired"
	PackageDestroyed Action = "package.destroyed"

	ErasurePlanned         Action = "erasure.planned"
	ErasureDecided         Action = "erasure.decided"
	ErasureDecisionRemoved Action = "erasure.decision_removed"
	ErasureProposed        Action = "erasure.proposed"
	ErasureReturned        Action = "erasure.returned"
	ErasureApproved        Action = "erasure.approved"
	ErasureCarriedOut      Action = "erasure.carried_out" // a whole plan: intent before, outcome after
	ErasureCollection      Action = "erasure.collection"  // one collection of it, likewise
	ErasureVerified        Action = "erasure.verified"
	ErasureFailed          Action = "erasure.system_failed"
	ErasureByHand          Action = "erasure.done_by_hand"
	ErasureDeferred        Action = "erasure.deferred"
	ErasureReapplied       Action = "erasure.reapplied"
	ErasureCertified       Action = "erasure.certified"       // the certificate was signed; its hash is the evidence
	RecipientMoved         Action = "recipient.state_changed" // of a recipient that must hear of a rectification, an erasure or a restriction (Art. 19 GDPR)

	HoldPlaced Action = "hold.placed"
	HoldLifted Action = "hold.lifted"

	ConsentPurposeAdded   Action = "consent.purpose_added"
	ConsentPurposeChanged Action = "consent.purpose_changed"
	ConsentTextAdded      Action = "consent.text_added" // a version of the words that people agree to; the evidence is its hash
	ConsentRecorded       Action = "consent.recorded"   // lines of the ledger; the evidence is the root of the tree over their hashes
	ConsentViewed         Action = "consent.viewed"     // what somebody has agreed to was read
	ConsentImportCreated  Action = "consent.import_created"
	ConsentImportChecked  Action = "consent.import_checked" // its file is whole, and is read; the fact is its hash
	ConsentImportStarted  Action = "consent.import_started"
	ConsentImportStopped  Action = "consent.import_stopped" // the fact is how many lines are written
	ConsentImportEnded    Action = "consent.import_ended"   // the evidence is the hash of the file
	ConsentForgotten      Action = "consent.forgotten"      // addresses in the ledger, which can't be read or found any more; its lines stay
	ConsentTransferred    Action = "consent.transferred"    // the ledger was written out for the buyer of a business; the evidence is the hash of the file
	ConsentsChecked       Action = "consent.list_checked"   // it was asked of many addresses at once whether they may be written to

	ConsentSignUpMoved        Action = "consent.sign_up_moved"       // a sign-up by a form came in, or came to another state: the fact says which
	ConsentLinksMade          Action = "consent.links_made"          // by which people end and choose what they get
	ConsentPreferencesChanged Action = "consent.preferences_changed" // how often, a pause, the language; the evidence is the hash of the line
	ConsentLinkKeyMade        Action = "consent.link_key_made"
	ConsentLinkKeyRotated     Action = "consent.link_key_rotated"
	ConsentLinkKeyRevoked     Action = "consent.link_key_revoked" // its links do nothing any more

	ConsentReceiverAdded   Action = "consent.receiver_added" // a system that has to hear who wants no more
	ConsentReceiverChanged Action = "consent.receiver_changed"
	ConsentReceiverRetired Action = "consent.receiver_retired"
	ConsentReceiverTested  Action = "consent.receiver_tested"
	ConsentChangesRead     Action = "consent.changes_read" // a receiver read whom it may write to no more, with addresses

	ConsentHandoverConfirmed Action = "consent.handover_confirmed" // a receiver has taken withdrawals; the evidence is the root of the tree over the hashes of their lines
	ConsentHandoverWarned    Action = "consent.handover_warned"    // half of the time is over, and they are not all confirmed
	ConsentStopsRecorded     Action = "consent.stops_recorded"     // an objection, a restriction or a suppression stops messages to addresses of the ledger, or no longer does; the evidence is the root over its lines
	ConsentHandoverOverdue   Action = "consent.handover_overdue"

	SuppressionAdded    Action = "suppression.added"
	SuppressionEnded    Action = "suppression.ended"
	SuppressionsListed  Action = "suppression.list_added" // addresses of a list, of which only hashes are kept
	SuppressionSearched Action = "suppression.searched"

	LimitSet      Action = "limit.set"    // what may no longer be done with somebody's data
	LimitEnding   Action = "limit.ending" // the person is told when it ends
	LimitLifted   Action = "limit.lifted"
	UsesChecked   Action = "limit.list_checked" // it was asked of many people at once whether their data may be used
	BalanceTested Action = "balance.tested"
	Amended       Action = "system.amended" // marks or values set in a person's rows: intent before, outcome after
	AmendedByHand Action = "system.amended_by_hand"

	CorrectionProposed    Action = "correction.proposed" // a value of a person's rows is to become another (Art. 16 GDPR)
	CorrectionDecided     Action = "correction.decided"
	CorrectionEnded       Action = "correction.ended" // written, done by hand, or overtaken by another change
	AppealReceived        Action = "appeal.received"  // what a person makes to the controller against its answer
	AppealDecided         Action = "appeal.decided"
	DecisionMakersSaid    Action = "decision.makers_recorded" // who took or prepared a decision that a person contests
	DecisionMakerAdded    Action = "decision.maker_added"
	DecisionMakerTakenOff Action = "decision.maker_taken_off"
	DecisionReviewed      Action = "decision.reviewed"          // by a human (Art. 22(3) GDPR)
	TransmissionAsked     Action = "transmission.asked"         // of a package, to another controller (Art. 20(2) GDPR)
	TransmissionSending   Action = "transmission.sending"       // a try begins: the archive goes out
	TransmissionTried     Action = "transmission.tried"         // a try is over that did not end it
	TransmissionRefusing  Action = "transmission.refusal_asked" // to be ended as not feasible once the try on its way is over
	TransmissionEnded     Action = "transmission.ended"
	TransmissionLinkMade  Action = "transmission.link_made"  // by which another controller fetches a package
	TransmissionFetched   Action = "transmission.fetched"    // by such a link: bytes, and whether all of it went out
	TransmissionLinkEnded Action = "transmission.link_ended" // taken back, used up or past its time
	StatementMade         Action = "statement.made"          // what a person wants to be kept beside data that was not corrected

	InquiryOpened      Action = "inquiry.opened" // somebody else is to do something with a person's data
	InquiryAsked       Action = "inquiry.asked"
	InquiryReminded    Action = "inquiry.reminded"
	InquirySeen        Action = "inquiry.seen" // whoever was asked opened what it is about
	InquiryFileAdded   Action = "inquiry.file_added"
	InquiryFileRemoved Action = "inquiry.file_removed"
	InquiryAnswered    Action = "inquiry.answered"
	InquiryFreed       Action = "inquiry.freed"  // the case goes on without the answer
	InquiryClosed      Action = "inquiry.closed" // nobody waits for the answer any more

	MessageQueued Action = "message.queued"
	MessageSent   Action = "message.sent"
	MessageFailed Action = "message.failed"

	ConversationWritten Action = "conversation.written"
	ConversationRead    Action = "conversation.read"

	WebhookCreated  Action = "webhook.created"
	WebhookChanged  Action = "webhook.changed"
	WebhookDisabled Action = "webhook.disabled"
	WebhookDeleted  Action = "webhook.deleted"

	RequesterCreated   Action = "requester.created"
	RequesterChanged   Action = "requester.changed"
	RequesterEnded     Action = "requester.ended"
	RequesterRefused   Action = "requester.refused" // something that it sent was not taken
	CallbackFailed     Action = "requester.callback_failed"
	ProcessorCertified Action = "processor.certificate_set"

	MailDomainAdded    Action = "mail_domain.added"
	MailDomainVerified Action = "mail_domain.verified"  // its record was found in DNS
	MailDomainNotFound Action = "mail_domain.not_found" // its record was looked for and is not in DNS
	MailDomainRemoved  Action = "mail_domain.removed"

	AuditExported Action = "audit.exported"
	AuditViewed   Action = "audit.viewed"

	RegisterBackedUp Action = "register.backed_up"
	RegisterRestored Action = "register.restored"
)

// Actions lists them all.
func Actions() []Action {
	return []Action{
		TenantCreated, TenantChanged, KeyCreated, KeyRotated, KeyDestroyed, SignedIn, SignInRefused, RoleChanged, StaffChanged,
		FeedCreated, FeedRevoked, APIKeyCreated, APIKeyRevoked, CommandRefused,
		SignedOut, SessionEnded, FactorAdded, FactorRemoved, FactorGiven, PasswordChanged, ResetSent, InvitationSent,
		InvitationAccepted, StaffLeft, StaffReturned, OperatorEntered, SingleSignOnChanged, SingleSignOnRemoved,
		RequestReceived, RequestBackdated, RequestAcknowledged, RequestAssigned, RequestNoted, RequestLinked, RequestClarify,
		RequestClarified, RequestMoved, RequestRefused, RequestWithdrawn, RequestCancelled, RequestReopened, RequestClosed,
		RequestViewed, RequestCopied, RequestsExported, RequestForgotten,
		IdentityCodeSent, IdentityCodeWrong, IdentityProven, IdentityChecking, IdentityRefused, DocumentReceived, DocumentSent, DocumentDestroyed,
		ObligationCreated, ObligationReminded, ObligationPaused, ObligationResumed, ObligationExtended, ObligationMet,
		ObligationOverdue, ObligationWaived, ObligationEscalated, EscalationAccepted,
		TaskCreated, TaskAnswered, TaskCancelled, TaskClaimed, TaskReleased, TaskCompleted, TaskAttached,
		SystemCreated, SystemChanged, SystemStopped, SystemResumed, SystemTested, SystemPreviewed, SystemScanned, DatasetSaved, CollectStarted,
		CollectFinished, RedactionMade, ReviewApproved, PackageBuilt, PackageDelivered, PackageResent, PackageDownload, PackageExpired,
		PackageDestroyed,
		ErasurePlanned, ErasureDecided, ErasureDecisionRemoved, ErasureProposed, ErasureReturned, ErasureApproved, ErasureCarriedOut,
		ErasureCollection, ErasureVerified, ErasureFailed, ErasureByHand, ErasureDeferred, ErasureReapplied, ErasureCertified, RecipientMoved, HoldPlaced, HoldLifted,
		ConsentPurposeAdded, ConsentPurposeChanged, ConsentTextAdded, ConsentRecorded, ConsentViewed, ConsentForgotten, ConsentTransferred, ConsentsChecked, ConsentImportCreated, ConsentImportChecked, ConsentImportStarted, ConsentImportStopped, ConsentImportEnded, ConsentSignUpMoved, ConsentLinksMade, ConsentPreferencesChanged, ConsentLinkKeyMade, ConsentLinkKeyRotated, ConsentLinkKeyRevoked,
		ConsentReceiverAdded, ConsentReceiverChanged, ConsentReceiverRetired, ConsentReceiverTested, ConsentChangesRead, ConsentHandoverConfirmed, ConsentHandoverWarned, ConsentHandoverOverdue, ConsentStopsRecorded,
		SuppressionAdded, SuppressionEnded, SuppressionsListed, SuppressionSearched, LimitSet, LimitEnding, LimitLifted, UsesChecked, BalanceTested, Amended, AmendedByHand, CorrectionProposed, CorrectionDecided, CorrectionEnded, StatementMade, AppealReceived, AppealDecided, DecisionMakersSaid, DecisionMakerAdded, DecisionMakerTakenOff, DecisionReviewed, TransmissionAsked, TransmissionSending, TransmissionTried, TransmissionRefusing, TransmissionEnded,
		TransmissionLinkMade, TransmissionFetched, TransmissionLinkEnded,
		InquiryOpened, InquiryAsked, InquiryReminded, InquirySeen, InquiryFileAdded, InquiryFileRemoved, InquiryAnswered, InquiryFreed, InquiryClosed,
		MessageQueued, MessageSent, MessageFailed,
		ConversationWritten, ConversationRead,
		WebhookCreated, WebhookChanged, WebhookDisabled, WebhookDeleted,
		RequesterCreated, RequesterChanged, RequesterEnded, RequesterRefused, CallbackFailed, ProcessorCertified,
		MailDomainAdded, MailDomainVerified, MailDomainNotFound, MailDomainRemoved,
		AuditExported, AuditViewed,
		RegisterBackedUp, RegisterRestored,
	}
}

package notify

// Kind names a letter. Kinds are stored with the message and never renamed.
type Kind string

// Letters to the person who made a request.
const (
	KindAcknowledgement  Kind = "acknowledgement"
	KindOneTimeCode      Kind = "one_time_code"
	KindIdentityReminder Kind = "identity_reminder"
	KindIdentityClosed   Kind = "identity_closed"
	KindClarification    Kind = "clarification"
	KindExtension        Kind = "extension"
	KindRefusal          Kind = "refusal"
	KindWithdrawn        Kind = "withdrawn"
	KindCancelled        Kind = "cancelled"
	KindPackageReady     Kind = "package_ready"
	KindDownloadCode     Kind = "download_code"
	KindPackageResent    Kind = "package_resent"
	KindPackageExpired   Kind = "package_expired"
	KindReopened         Kind = "reopened"
	KindDuplicateLinked  Kind = "duplicate_linked"
	KindMessageWaiting   Kind = "message_waiting"
	KindMessageCode      Kind = "message_code"
	KindErasureScheduled Kind = "erasure_scheduled"
	KindErasureUnderWay  Kind = "erasure_under_way"
	KindErased           Kind = "erased"
	KindErasureAnswered  Kind = "erasure_answered"
	KindLimited          Kind = "limited"
	KindLimitEnds        Kind = "limit_ends"
	KindCorrectYourself  Kind = "correct_yourself"
	KindCorrected        Kind = "corrected"
	KindAppealReceived   Kind = "appeal_received"
	KindAppealDecided    Kind = "appeal_decided"
	KindDecisionReviewed Kind = "decision_reviewed"
	KindTransmitted      Kind = "transmitted"
)

// Letters to whoever has the mailbox that somebody has entered into a form.
const (
	KindSignUpConfirm  Kind = "sign_up_confirm"
	KindSignUpReminder Kind = "sign_up_reminder"
	KindSignUpWelcome  Kind = "sign_up_welcome"
	KindSignUpKnown    Kind = "sign_up_known"
	KindExpressRequest Kind = "express_request"
)

// Letters to others than the person: processors and recipients of data.
const (
	KindInquiry         Kind = "inquiry"
	KindInquiryReminder Kind = "inquiry_reminder"
	KindInquiryClosed   Kind = "inquiry_closed"
)

// Notices to the staff. They are in English and carry references, never names.
const (
	KindTaskCreated      Kind = "task_created"
	KindTaskReminder     Kind = "task_reminder"
	KindDueSoon          Kind = "due_soon"
	KindOverdue          Kind = "overdue"
	KindEscalation       Kind = "escalation"
	KindAcknowledged     Kind = "acknowledged"
	KindMessageFailed    Kind = "message_failed"
	KindCollectionFailed Kind = "collection_failed"
	KindErasureFailed    Kind = "erasure_failed"
	KindRecipientsToTell Kind = "recipients_to_tell"
	KindAmendmentFailed  Kind = "amendment_failed"
	KindInquiryStuck     Kind = "inquiry_stuck"
	KindDigest           Kind = "digest"
	KindConsentsEnding   Kind = "consents_ending"
	// KindHandoverUnconfirmed is about a system that has not confirmed who wants no more.
	KindHandoverUnconfirmed Kind = "handover_unconfirmed"
	KindInvitation          Kind = "invitation"
	KindReset               Kind = "reset"
)

// PersonKinds lists the letters to people outside; each exists in every language.
func PersonKinds() []Kind {
	return []Kind{
		KindAcknowledgement, KindOneTimeCode, KindIdentityReminder, KindIdentityClosed, KindClarification,
		KindExtension, KindRefusal, KindWithdrawn, KindCancelled, KindPackageReady, KindDownloadCode,
		KindPackageResent, KindPackageExpired, KindReopened, KindDuplicateLinked, KindMessageWaiting, KindMessageCode,
		KindErasureScheduled, KindErasureUnderWay, KindErased, KindErasureAnswered, KindLimited, KindLimitEnds, KindCorrectYourself, KindCorrected, KindAppealReceived, KindAppealDecided,
		KindInquiry, KindInquiryReminder, KindInquiryClosed,
		KindDecisionReviewed, KindTransmitted, KindSignUpConfirm, KindSignUpReminder, KindSignUpWelcome, KindSignUpKnown, KindExpressRequest,
	}
}

// StaffKinds lists the notices to the staff; they exist in English.
func StaffKinds() []Kind {
	return []Kind{
		KindTaskCreated, KindTaskReminder, KindDueSoon, KindOverdue, KindEscalation, KindAcknowledged,
		KindMessageFailed, KindCollectionFailed, KindErasureFailed, KindRecipientsToTell, KindAmendmentFailed, KindInquiryStuck, KindDigest, KindConsentsEnding, KindHandoverUnconfirmed, KindInvitation, KindReset,
	}
}

// Language is a language that letters are written in, as a lower-case ISO 639-1 code.
type Language string

// The languages of the letters.
const (
	English Language = "en"
	German  Language = "de"
	French  Language = "fr"
	Spanish Language = "es"
)

// Languages lists them, English first.
func Languages() []Language { return []Language{English, German, French, Spanish} }

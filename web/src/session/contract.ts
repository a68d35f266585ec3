// The shapes of signing in. They stand here because the sign-in screens must work before anybody may read anything.

export type Role = 'admin' | 'dpo' | 'agent' | 'auditor' | 'operator'
export type Method = 'totp' | 'passkey' | 'recovery'
export type Next = 'done' | 'code' | 'enrol' | 'tenant'

export interface SignInAnswer {
  next: Next
  methods?: Method[] | null
}

export interface Session {
  account: { id: string; name: string; email: string }
  tenant: { slug: string; name: string; zone: string; language: string } | null
  role: Role
  staff_id?: string | null
  operations: string[]
  memberships: { tenant: string; name: string; role: Role }[]
  second_factor: { totp: boolean; passkeys: number; recovery_codes_left: number; required: boolean }
  method?: string
  stepped_up_until?: string | null
  expires_at?: string | null
  stage: Next
}

export interface SessionLine {
  id: string
  device: string
  method: string
  created_at: string
  last_use_at: string
  current: boolean
}

export interface Passkey {
  id: string
  name: string
  created_at: string
  last_use_at?: string | null
}

export interface Invitation {
  tenant: string
  email: string
  role: Role
  account_exists: boolean
}

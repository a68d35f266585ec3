import { SaveButton } from '../page/SaveButton'
import { useSession } from '../session/session'

export function ExportButton() {
  const { tenant } = useSession()
  return <SaveButton path="/v1/audit/export" name={`audit-${tenant?.slug ?? 'log'}.zip`}>Export</SaveButton>
}

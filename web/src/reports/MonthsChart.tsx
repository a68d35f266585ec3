import { Bar, BarChart, CartesianGrid, ResponsiveContainer, XAxis, YAxis, type XAxisTickContentProps } from 'recharts'

export interface MonthBar {
  month: string
  /** What is as it should be, and what is late. */
  good: number
  late: number
  /** What stands under the bar. */
  label: string
}

const height = 200
const small = { fontSize: 12, fill: 'var(--mantine-color-dimmed)' }

/** Bars of the months, one on the other. It is a picture only: the figures stand in the table behind it, where they are links. */
export function MonthsChart({ bars }: { bars: MonthBar[] }) {
  return (
    <ResponsiveContainer width="100%" height={height}>
      <BarChart data={bars} margin={{ top: 8, right: 0, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis dataKey="month" height={42} interval="preserveStartEnd" tick={(at: XAxisTickContentProps) => <Under at={at} label={bars[at.index]?.label} />} tickLine={false} axisLine={{ stroke: 'var(--line-strong)' }} />
        <YAxis allowDecimals={false} width={44} tick={small} tickFormatter={(n: number) => n.toLocaleString('en-GB')} tickLine={false} axisLine={false} />
        <Bar dataKey="good" stackId="one" fill="var(--bar-track)" maxBarSize={48} isAnimationActive={false} />
        <Bar dataKey="late" stackId="one" fill="var(--bar-overdue)" maxBarSize={48} isAnimationActive={false} />
      </BarChart>
    </ResponsiveContainer>
  )
}

/** A month, and its figure in words, which also stands there when a bar has no height. */
function Under({ at, label }: { at: XAxisTickContentProps; label?: string }) {
  return (
    <text x={at.x} y={at.y} textAnchor="middle" style={small}>
      <tspan x={at.x} dy="1em">{String(at.payload.value)}</tspan>
      {label && <tspan x={at.x} dy="1.4em" className="tabular" fill="var(--mantine-color-text)">{label}</tspan>}
    </text>
  )
}

import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

const pine: MantineColorsTuple = ['#eaf5f4', '#d5e8e7', '#a9d1cf', '#7ab9b6', '#54a4a1', '#3b9793', '#25827f', '#176a69', '#17595a', '#0d4344']

const dark: MantineColorsTuple = ['#e3e8e6', '#c3ccc9', '#9aa6a2', '#6f7b77', '#3c4744', '#2f3835', '#222928', '#1b201f', '#141817', '#0e1110']

export const theme = createTheme({
  primaryColor: 'pine',
  primaryShade: { light: 7, dark: 6 },
  colors: { pine, dark },
  autoContrast: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '20px', lineHeight: '28px' },
      h2: { fontSize: '16px', lineHeight: '24px' },
      h3: { fontSize: '14px', lineHeight: '20px' },
    },
  },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', allowDeselect: false, checkIconPosition: 'right' } },
    Modal: { defaultProps: { overlayProps: { backgroundOpacity: 0.35 } }, styles: { title: { fontSize: 16, fontWeight: 600 } } },
    Tabs: { styles: { tab: { paddingInline: 8, fontSize: 13 } } },
    // What floats belongs to the content of the page, for those who go from landmark to landmark.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false, portalProps: { target: '#main' } } },
    Tooltip: { defaultProps: { portalProps: { target: '#main' }, openDelay: 250, withArrow: false, multiline: true, maw: 360, events: { hover: true, focus: true, touch: true } } },
  },
})

// Colour carries risk only; each has 4.5:1 on the page in its scheme.
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#fbfbfa',
    '--mantine-color-text': '#1d2422',
    '--mantine-color-dimmed': '#5b6663',
    '--mantine-color-error': '#b3261e',
    '--panel': '#ffffff',
    '--line': '#e3e6e4',
    '--line-strong': '#cbd1ce',
    '--hover': '#f1f4f2',
    '--selected': '#e3efee',
    '--risk-overdue': '#b3261e',
    '--risk-overdue-soft': '#fbe9e7',
    '--risk-soon': '#8a5a00',
    '--risk-soon-soft': '#fdf1d8',
    '--risk-track': '#1d2422',
    '--risk-track-soft': '#e9eceb',
    '--risk-paused': '#1f5fa8',
    '--risk-paused-soft': '#e4eefa',
    '--risk-done': '#5b6663',
    '--bar-overdue': '#c9453c',
    '--bar-soon': '#d9970f',
    '--bar-track': '#7f8d89',
    '--bar-paused': '#5b93d3',
    '--link': '#176a69',
  },
  dark: {
    '--mantine-color-body': '#141817',
    '--mantine-color-text': '#e3e8e6',
    '--mantine-color-dimmed': '#9aa6a2',
    '--mantine-color-error': '#ff9a91',
    '--panel': '#1b201f',
    '--line': '#2b3331',
    '--line-strong': '#3c4744',
    '--hover': '#222928',
    '--selected': '#1f3a39',
    '--risk-overdue': '#ff9a91',
    '--risk-overdue-soft': '#42201d',
    '--risk-soon': '#f2c15f',
    '--risk-soon-soft': '#3b2d0f',
    '--risk-track': '#e3e8e6',
    '--risk-track-soft': '#2b3331',
    '--risk-paused': '#8fbcf0',
    '--risk-paused-soft': '#1b2d44',
    '--risk-done': '#9aa6a2',
    '--bar-overdue': '#e0665c',
    '--bar-soon': '#dba63a',
    '--bar-track': '#73817d',
    '--bar-paused': '#5b93d3',
    '--link': '#7ab9b6',
  },
})

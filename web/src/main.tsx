import '@mantine/core/styles.layer.css'
import './global.css'

import { createRoot } from 'react-dom/client'

import { Console } from './Console'
import { nonce } from './nonce'

// The library that locks scrolling under dialogs makes a style element too, and reads the nonce from here.
Object.assign(globalThis, { __webpack_nonce__: nonce() })

const root = document.getElementById('root')
if (root) createRoot(root).render(<Console />)

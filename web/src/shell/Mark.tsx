import classes from './Shell.module.css'

export function Mark() {
  return (
    <span className={classes.mark}>
      <img src="/console/icon.svg" alt="" width={22} height={22} />
      Docket
    </span>
  )
}

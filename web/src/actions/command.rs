//! What can be done, as a type. What each is called, and its keys, stands in `table.txt`.

/// Something that a person can do, by a button, a key, or from the list of commands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Command {
    /// Time goes on, or stands still.
    Play,
    /// One event on.
    Forward,
    /// One event back.
    Back,
    /// To the next cue, or to the next event at the node that is chosen.
    Next,
    /// To the one before.
    Previous,
    /// To the start of the run.
    Start,
    /// To the end of what is computed of it.
    End,
    /// To where the first promise fell.
    Fell,
    /// To the next violation.
    Violation,
    /// To the next message.
    Message,
    /// A lower speed.
    Slower,
    /// A higher speed.
    Faster,
    /// One event on, where the rail has the keyboard.
    Later,
    /// One event back.
    Earlier,
    /// Ten events on.
    MuchLater,
    /// Ten events back.
    MuchEarlier,
    /// The least of the instrument.
    Watch,
    /// More of it.
    Explore,
    /// All of it.
    Build,
    /// The lesson stands beside the stage.
    Lesson,
    /// The text stands there.
    Script,
    /// What is chosen stands there.
    Inspector,
    /// Curves stand there.
    Charts,
    /// Flaws and knobs stand there.
    Settings,
    /// The run in words opens, or closes.
    Transcript,
    /// Stage and playback alone, or all of the page again.
    Present,
    /// All of the page again.
    Leave,
    /// The next theme.
    Theme,
    /// A branch opens here.
    Fork,
    /// A run that breaks a promise is looked for.
    Find,
    /// One run alone.
    Single,
    /// The next seed.
    Seed,
    /// Sides of a tear are chosen, or no longer.
    Tear,
    /// Every link is mended.
    Heal,
    /// The last change is taken back.
    Undo,
    /// It is brought back.
    Redo,
    /// The draft is dropped.
    Original,
    /// A node changes sides.
    Side,
    /// To the next node.
    NextSide,
    /// To the node before.
    PreviousSide,
    /// The network tears.
    Cut,
    /// It does not.
    Whole,
    /// The menu of a mark opens.
    Deeds,
    /// To the next mark around the stage.
    Around,
    /// To the one before.
    AroundBack,
    /// To the next message on its way.
    NextMessage,
    /// To the one before.
    PreviousMessage,
    /// A node stands still, or goes on.
    Pause,
    /// A node crashes, or restarts.
    Crash,
    /// A clock is put wrong.
    Skew,
    /// A node is cut off.
    Isolate,
    /// A message is lost.
    Lose,
    /// A message arrives twice.
    Repeat,
    /// A message is held, or released.
    Hold,
    /// Less of the run, and larger.
    ZoomIn,
    /// More of the run, and smaller.
    ZoomOut,
    /// The window moves to the left.
    Whence,
    /// The window moves to the right.
    Whither,
    /// The window shows all of the run.
    All,
    /// Nothing is chosen any more.
    LetGo,
    /// An event is chosen.
    Choose,
    /// To the event before.
    Before,
    /// To the event after.
    After,
    /// To an event on a lane above.
    Above,
    /// To an event on a lane below.
    Below,
    /// The list of commands opens.
    Commands,
    /// The sheet of keys opens.
    Keys,
    /// Keys of one letter work, or do not.
    Letters,
    /// What there is to share opens, or closes.
    Share,
    /// To the start page.
    Catalog,
    /// The judges of histories.
    Histories,
}

impl Command {
    /// Every one, in the order of the table.
    pub(super) const ALL: [Self; 71] = [
        Self::Play,
        Self::Forward,
        Self::Back,
        Self::Next,
        Self::Previous,
        Self::Start,
        Self::End,
        Self::Fell,
        Self::Violation,
        Self::Message,
        Self::Slower,
        Self::Faster,
        Self::Later,
        Self::Earlier,
        Self::MuchLater,
        Self::MuchEarlier,
        Self::Watch,
        Self::Explore,
        Self::Build,
        Self::Lesson,
        Self::Script,
        Self::Inspector,
        Self::Charts,
        Self::Settings,
        Self::Transcript,
        Self::Present,
        Self::Leave,
        Self::Theme,
        Self::Fork,
        Self::Find,
        Self::Single,
        Self::Seed,
        Self::Tear,
        Self::Heal,
        Self::Undo,
        Self::Redo,
        Self::Original,
        Self::Side,
        Self::NextSide,
        Self::PreviousSide,
        Self::Cut,
        Self::Whole,
        Self::Deeds,
        Self::Around,
        Self::AroundBack,
        Self::NextMessage,
        Self::PreviousMessage,
        Self::Pause,
        Self::Crash,
        Self::Skew,
        Self::Isolate,
        Self::Lose,
        Self::Repeat,
        Self::Hold,
        Self::ZoomIn,
        Self::ZoomOut,
        Self::Whence,
        Self::Whither,
        Self::All,
        Self::LetGo,
        Self::Choose,
        Self::Before,
        Self::After,
        Self::Above,
        Self::Below,
        Self::Commands,
        Self::Keys,
        Self::Letters,
        Self::Share,
        Self::Catalog,
        Self::Histories,
    ];
}

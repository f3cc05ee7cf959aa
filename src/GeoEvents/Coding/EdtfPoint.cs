namespace GeoEvents.Coding;

/// <summary>The units an EDTF date can be stated in, finest first.</summary>
internal enum EdtfUnit { Second, Minute, Day, Month, Season, Year }

/// <summary>One date, season, year or date-time, as the half-open stretch [start, end) of the calendar that it names.</summary>
/// <param name="Precision">The unit it is stated in. Unspecified digits do not coarsen it: <c>2004-XX</c> is a month of 2004.</param>
/// <param name="Offset">From UTC, for a date-time that states one; otherwise the reading is local to a zone given later.</param>
/// <param name="Uncertain">Whether any component is marked <c>?</c> or <c>%</c>.</param>
/// <param name="Approximate">The finest component marked <c>~</c> or <c>%</c>, if any.</param>
internal sealed record EdtfPoint(
    CalendarTime Start, CalendarTime End, EdtfUnit Precision, TimeSpan? Offset = null, bool Uncertain = false, EdtfUnit? Approximate = null)
{
    /// <summary>Seconds. No zone is further from UTC, so a local reading further from one with an offset is in order whatever the zone.</summary>
    private const int WidestOffset = 14 * 60 * 60;

    public bool IsTimeOfDay => Precision <= EdtfUnit.Minute;

    /// <summary>Where it begins, in seconds since 0001-01-01, moved one unit back if approximate.</summary>
    public Int128 EarliestSecond => Moved(Start, -1);

    /// <summary>Where it ends, in seconds since 0001-01-01, moved one unit on if approximate.</summary>
    public Int128 LatestSecond => Moved(End, +1);

    /// <summary>Whether this is over before <paramref name="other"/> begins, whatever the zone. Being approximate is no excuse.</summary>
    public bool EndsBefore(EdtfPoint other)
    {
        var slack = Offset.HasValue == other.Offset.HasValue ? 0 : WidestOffset;
        return End.TotalSeconds - OffsetSeconds + slack <= other.Start.TotalSeconds - other.OffsetSeconds;
    }

    private long OffsetSeconds => (long)(Offset ?? TimeSpan.Zero).TotalSeconds;

    private Int128 Moved(CalendarTime time, int units) => Approximate switch
    {
        EdtfUnit.Day => time.TotalSeconds + (units * 86_400),
        EdtfUnit.Month => time.PlusMonths(units).TotalSeconds,
        EdtfUnit.Season => time.PlusMonths(3 * units).TotalSeconds,
        EdtfUnit.Year => time.PlusMonths(12 * units).TotalSeconds,
        _ => time.TotalSeconds,
    };
}

/// <summary>A stretch of time from one date to another; a single date is the stretch from itself to itself.</summary>
/// <param name="From">Null where the start is open or unknown.</param>
/// <param name="To">Null where the end is open or unknown.</param>
internal sealed record EdtfRange(EdtfPoint? From, EdtfPoint? To)
{
    public IEnumerable<EdtfPoint> Points => new[] { From, To }.OfType<EdtfPoint>();
}

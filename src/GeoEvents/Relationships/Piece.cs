namespace GeoEvents.Relationships;

/// <summary>A sum over a stretch of time in which nothing but time passes: <c>constant + falling·2^(−(t−From)/T)</c>.</summary>
/// <param name="From">It holds from here on.</param>
/// <param name="Until">From here on it is another; <see cref="DateTimeOffset.MaxValue"/>: never.</param>
/// <param name="Constant">What measures at their floor add; units of impulse.</param>
/// <param name="Falling">What decays, at <paramref name="From"/>.</param>
/// <param name="HalfLifeDays">T.</param>
public readonly record struct Piece(DateTimeOffset From, DateTimeOffset Until, double Constant, double Falling, double HalfLifeDays)
{
    public double At(DateTimeOffset t) => Constant + (Falling * Decay.Factor(From, t, HalfLifeDays));

    /// <summary>When the sum comes down to a value: <c>t = From + T·log₂(falling/(value − constant))</c>. Null if it does not within the piece.</summary>
    public DateTimeOffset? FallsTo(double value)
    {
        if (At(From) <= value)
        {
            return From;
        }

        if (value <= Constant)
        {
            return null;
        }

        var days = HalfLifeDays * Math.Log2(Falling / (value - Constant));
        return days <= (Until - From).TotalDays && days < Instants.MostDays(From) ? Instants.Up(From + TimeSpan.FromDays(days)) : null;
    }
}

/// <summary>Instants that are computed: of whole seconds, so that the last digit of a sum, which depends on the order of adding, moves none.</summary>
public static class Instants
{
    /// <summary>The instant itself if it is of whole seconds, else the next that is.</summary>
    public static DateTimeOffset Up(DateTimeOffset t)
    {
        var over = t.UtcTicks % TimeSpan.TicksPerSecond;
        return over == 0 ? t.ToUniversalTime() : new DateTimeOffset(t.UtcTicks - over + TimeSpan.TicksPerSecond, TimeSpan.Zero);
    }

    /// <summary>The next of whole seconds.</summary>
    public static DateTimeOffset After(DateTimeOffset t) => Up(t.AddTicks(1));

    /// <summary>Days from an instant within which the calendar of .NET stays.</summary>
    public static double MostDays(DateTimeOffset from) => (DateTimeOffset.MaxValue - from).TotalDays - 1;
}

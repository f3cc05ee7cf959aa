using System.Globalization;
using GeoEvents.Hosting;

namespace GeoEvents.Delivery;

/// <summary>When a failed delivery is attempted again.</summary>
/// <remarks>The table is that of Standard Webhooks 1.0: at once, then after each wait; so ten attempts within a little more than three days.</remarks>
/// <param name="Waits">From one attempt to the next.</param>
/// <param name="Chance">At random in [0, 1).</param>
public sealed record RetrySchedule(IReadOnlyList<TimeSpan> Waits, Func<double> Chance)
{
    /// <summary>Configuration key: the waits in seconds, separated by commas; 1 to 100 of up to a day each.</summary>
    public const string Key = "Delivery:RetryWaitSeconds";

    /// <summary>A wait is lengthened by up to this part of it, so that what failed together does not come back together.</summary>
    public const double Jitter = 0.1;

    /// <summary>A receiver may ask for a longer wait, up to this.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(24);

    private const int MostWaits = 100;

    public static readonly IReadOnlyList<TimeSpan> Standard =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>How many attempts there are, the first included.</summary>
    public int Attempts => Waits.Count + 1;

    /// <param name="tries">Attempts that failed so far, 1 or more.</param>
    /// <param name="retryAfter">What the receiver asked for: it is waited for no less than that, up to <see cref="LongestRetryAfter"/>.</param>
    /// <returns>Null after the last attempt.</returns>
    public TimeSpan? After(int tries, TimeSpan? retryAfter)
    {
        if (tries >= Attempts)
        {
            return null;
        }

        var wait = Waits[tries - 1] * (1 + (Jitter * Chance()));
        var asked = retryAfter is { } after && after < LongestRetryAfter ? after : retryAfter is null ? TimeSpan.Zero : LongestRetryAfter;
        return wait > asked ? wait : asked;
    }

    /// <exception cref="StartupException">The configured waits are none.</exception>
    public static RetrySchedule From(IConfiguration configuration)
    {
        if (configuration[Key] is not { Length: > 0 } text)
        {
            return new RetrySchedule(Standard, Random.Shared.NextDouble);
        }

        var waits = text.Split(',', StringSplitOptions.TrimEntries)
            .Select(t => double.TryParse(t, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= 86_400 ? seconds : -1).ToList();
        return waits.Count <= MostWaits && waits.All(w => w >= 0)
            ? new RetrySchedule(waits.ConvertAll(TimeSpan.FromSeconds), Random.Shared.NextDouble)
            : throw new StartupException($"{Key} has to be 1 to {MostWaits} numbers of seconds up to 86400, separated by commas.");
    }
}

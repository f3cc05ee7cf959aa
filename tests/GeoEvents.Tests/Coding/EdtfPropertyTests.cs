using CsCheck;
using GeoEvents.Coding;

namespace GeoEvents.Tests.Coding;

public class EdtfPropertyTests
{
    private static readonly Gen<string> Anything =
        Gen.Char.Array[0, 120].Select(text => new string(text));

    private static readonly Gen<string> NearlyEdtf =
        Gen.OneOf([.. "0123456789012-//--..TZXY?~%[],:+S{}E\0é"]).Array[0, 110].Select(text => new string(text));

    private static readonly Gen<DateTimeOffset> Instants =
        Gen.Long[0, DateTime.MaxValue.Ticks].Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    private static readonly Gen<TimeZoneInfo> Zones = Gen.OneOf(
        TimeZoneInfo.Utc,
        TimeZoneInfo.FindSystemTimeZoneById("Europe/Kyiv"),
        TimeZoneInfo.FindSystemTimeZoneById("America/Havana"),
        TimeZoneInfo.FindSystemTimeZoneById("Pacific/Apia"));

    [Fact]
    public void Any_text_parses_or_is_refused_at_a_place_within_it_and_never_throws() =>
        Gen.OneOf<string>(Anything, NearlyEdtf, EdtfGen.Expression.Select(NearlyEdtf, (one, other) => one + other)).Sample(text =>
        {
            if (Edtf.TryParse(text, out var value, out var error))
            {
                return value.Text == text && error is null;
            }

            return value is null && error.Position >= 0 && error.Position <= text.Length && error.Message.EndsWith('.');
        });

    [Fact]
    public void What_is_built_by_the_rules_parses_and_keeps_its_text() =>
        EdtfGen.Expression.Sample(text => Edtf.Parse(text).ToString() == text);

    [Fact]
    public void The_interval_ends_after_it_begins_and_by_the_time_of_recording() =>
        Gen.Select(EdtfGen.Expression, Instants, Zones).Sample((text, recordedAt, zone) =>
            !Edtf.Parse(text).TryResolve(recordedAt, zone, out var interval, out var reason)
                ? reason is { Length: > 0 } && interval == default
                : interval.Latest <= recordedAt
                    && (interval.Earliest < interval.Latest || (interval.Earliest == interval.Latest && text.Contains('T'))));

    [Fact]
    public void The_interval_counts_within_itself_and_in_whole_microseconds() =>
        Gen.Select(EdtfGen.Expression, Instants, Zones).Sample((text, recordedAt, zone) =>
            !Edtf.Parse(text).TryResolve(recordedAt, zone, out var interval, out _)
                || (interval.Earliest <= interval.Tau && interval.Tau <= interval.Latest
                    && new[] { interval.Earliest, interval.Latest, interval.Tau }.All(at => at.Ticks % TimeSpan.TicksPerMicrosecond == 0)));

    [Fact]
    public void Recording_later_keeps_the_start_and_never_brings_the_end_forward() =>
        Gen.Select(EdtfGen.Expression, Instants, Instants, Zones).Sample((text, one, other, zone) =>
        {
            var (sooner, later) = one < other ? (one, other) : (other, one);
            var edtf = Edtf.Parse(text);
            return !edtf.TryResolve(sooner, zone, out var first, out _)
                || (edtf.TryResolve(later, zone, out var second, out _) && first.Earliest == second.Earliest && first.Latest <= second.Latest);
        });

    [Fact]
    public void Approximate_never_narrows() =>
        Gen.Select(EdtfGen.Date, Zones).Sample((text, zone) =>
        {
            var exact = Resolve(text, zone);
            var approximate = Resolve(text + "~", zone);
            return exact is null
                || (approximate is not null && approximate.Value.Earliest <= exact.Value.Earliest && approximate.Value.Latest >= exact.Value.Latest);
        });

    [Fact]
    public void Uncertain_moves_nothing() =>
        Gen.Select(EdtfGen.Date, Zones).Sample((text, zone) => Resolve(text, zone) == Resolve(text + "?", zone));

    private static ResolvedInterval? Resolve(string text, TimeZoneInfo zone) =>
        Edtf.Parse(text).TryResolve(DateTimeOffset.MaxValue, zone, out var interval, out _) ? interval : null;
}

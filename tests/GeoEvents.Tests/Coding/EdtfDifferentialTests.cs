using GeoEvents.Coding;

namespace GeoEvents.Tests.Coding;

/// <summary>Compares us with edtf.js 4.11.1 on four thousand expressions, which <c>tests/edtf-differential</c> makes.</summary>
public class EdtfDifferentialTests
{
    /// <summary>So late that nothing is clipped.</summary>
    private static readonly DateTimeOffset Late = DateTimeOffset.MaxValue;

    [Fact]
    public void We_refuse_what_edtf_js_accepts_only_for_named_reasons() =>
        Unexplained(TheyAlone, EdtfDisagreement.OnlyTheyAccept).ShouldBeEmpty();

    [Fact]
    public void We_accept_what_edtf_js_refuses_only_for_named_reasons() =>
        Unexplained(WeAlone, EdtfDisagreement.OnlyWeAccept).ShouldBeEmpty();

    [Fact]
    public void Every_named_reason_is_needed() => EdtfDisagreement.OnlyTheyAccept.Where(reason => !TheyAlone.Any(reason.Covers))
        .Concat(EdtfDisagreement.OnlyWeAccept.Where(reason => !WeAlone.Any(reason.Covers)))
        .Select(reason => reason.Name)
        .ShouldBeEmpty();

    [Fact]
    public void What_both_accept_means_the_same_but_for_named_readings() => EdtfVerdict.All
        .Where(verdict => verdict.Accepted && WeAccept(verdict))
        .Select(verdict => (verdict.Text, Theirs: EdtfReading.Adapted(verdict, Late), Ours: Ours(verdict.Text)))
        .Where(pair => pair.Theirs != pair.Ours)
        .Select(pair => $"{pair.Text}: they say {pair.Theirs}, we say {pair.Ours}")
        .ShouldBeEmpty();

    private static List<string> TheyAlone { get; } = [.. EdtfVerdict.All.Where(v => v.Accepted && !WeAccept(v)).Select(v => v.Text)];

    private static List<string> WeAlone { get; } = [.. EdtfVerdict.All.Where(v => !v.Accepted && WeAccept(v)).Select(v => v.Text)];

    private static bool WeAccept(EdtfVerdict verdict) => Edtf.TryParse(verdict.Text, out _, out _);

    private static IEnumerable<string> Unexplained(List<string> texts, EdtfDisagreement[] reasons) =>
        texts.Where(text => !reasons.Any(reason => reason.Covers(text)));

    /// <summary>Without approximation, by which we widen and edtf.js does not (its source has it as to do).</summary>
    private static ResolvedInterval? Ours(string text) =>
        Edtf.Parse(text.Replace("~", "", StringComparison.Ordinal).Replace("%", "", StringComparison.Ordinal))
            .TryResolve(Late, TimeZoneInfo.Utc, out var interval, out _) ? interval : null;
}

using System.Reflection;
using System.Text.Json.Serialization;
using GeoEvents.Alerts.Rules;

namespace GeoEvents.Tests.Alerts;

public class ReadyMadeRulesTests
{
    [Fact]
    public void Each_is_sound_and_has_an_id_of_its_own()
    {
        ReadyMadeRules.All.SelectMany(rule => RuleRules.Check(rule).Select(p => $"{rule.Id} {p.Pointer} {p.Detail}")).ShouldBeEmpty();
        ReadyMadeRules.All.Select(r => r.Id).ShouldBeUnique();
    }

    [Fact]
    public void Between_them_they_use_every_kind_of_condition()
    {
        var used = ReadyMadeRules.All.SelectMany(PlacedCondition.AllOf).Select(c => c.Condition.GetType()).ToHashSet();

        typeof(Condition).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(a => a.DerivedType).Where(t => !used.Contains(t)).ShouldBeEmpty();
    }

    [Fact]
    public void Each_reads_as_a_sentence() => string.Join('\n', ReadyMadeRules.All.Select(r => $"{r.Id}: {RuleSentence.Of(r)}")).ShouldMatchApproved(c => c.NoDiff().WithStringCompareOptions(StringCompareShould.IgnoreLineEndings));
}

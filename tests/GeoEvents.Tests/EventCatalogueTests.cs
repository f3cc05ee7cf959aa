using System.Reflection;
using System.Text.Json.Serialization;
using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Context;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Tests;

public class EventCatalogueTests
{
    /// <summary>Stored events outlive the code. A change here is a data migration: write the upcaster, then approve.</summary>
    [Fact]
    public void Stored_event_formats_have_not_changed()
    {
        var shared = new[] { typeof(IncidentContent), typeof(Link), typeof(OtherParty), typeof(Place), typeof(Measure), typeof(Assessment), typeof(Report), typeof(FieldChange), typeof(Regrade), typeof(Reaffiliation), typeof(StakeContent), typeof(InfluenceClaimContent), typeof(PathwayContent), typeof(PathwayStep), typeof(MethodDocument), typeof(MethodParameters), typeof(MagnitudeParameters), typeof(CountedSourcesParameters), typeof(Band), typeof(Rung), typeof(IncidentType) }
            .Concat([typeof(AlertRule), typeof(RuleScope), typeof(RuleFilter), typeof(SeverityRaise), typeof(AlertBudget), typeof(Silence), typeof(Receipt), typeof(AlertCause)])
            .Concat(typeof(Condition).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(a => a.DerivedType));
        var catalogue = FactTypes.ByName.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => (Name: t.Key, Type: t.Value))
            .Concat(shared.Select(t => (Name: $"  {NamedAs(t)}", Type: t)))
            .Select(t => $"{t.Name}({string.Join(", ", Properties(t.Type))})");

        string.Join('\n', catalogue).ShouldMatchApproved(c => c.NoDiff().WithStringCompareOptions(StringCompareShould.IgnoreLineEndings));
    }

    /// <summary>A condition with the name of its kind, which is stored.</summary>
    private static string NamedAs(Type type) =>
        typeof(Condition).GetCustomAttributes<JsonDerivedTypeAttribute>().FirstOrDefault(a => a.DerivedType == type) is { } kind ? $"{type.Name} {kind.TypeDiscriminator}" : type.Name;

    /// <summary>As they are written: names and order of JSON, types of C#.</summary>
    private static IEnumerable<string> Properties(Type type) =>
        GeoJson.Options.GetTypeInfo(type).Properties.Where(p => p.Get is not null).OrderBy(p => p.Order).Select(p => $"{p.Name}: {NameOf(p.PropertyType)}");

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.Name;
}

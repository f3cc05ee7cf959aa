using System.Text.Json.Serialization;
using GeoEvents.Coding;

namespace GeoEvents.Coverage;

/// <summary>Observed: somebody looked, and there is a record. Unobserved: silence that says nothing.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<Observation>))]
public enum Observation { Unobserved, Observed }

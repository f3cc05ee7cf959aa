using System.Collections;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace GeoEvents.Hosting;

/// <summary>The one way GeoEvents reads and writes JSON: in requests, answers, stored events and digests.</summary>
/// <remarks>
/// Null and empty lists are left out on writing, so absent means none. On reading, unknown and repeated properties are refused.
/// Property order is declaration order, so equal values give equal bytes.
/// </remarks>
public static class GeoJson
{
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions json)
    {
        json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.AllowDuplicateProperties = false;
        json.RespectNullableAnnotations = true;
        json.AllowOutOfOrderMetadataProperties = true;
        json.PropertyNameCaseInsensitive = false;
        json.Converters.Add(new InstantConverter());
        json.MaxDepth = 32;
        json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        json.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { ForgetIgnored, LeaveOutEmptyLists, BasePropertiesFirst } };
        return json;
    }

    /// <summary>What is computed is no field: a request that sends it is refused like one that sends any unknown field.</summary>
    private static void ForgetIgnored(JsonTypeInfo type)
    {
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            // By way of Attribute, which unlike the provider itself looks at what an override overrides.
            if (type.Properties[i].AttributeProvider is MemberInfo member && Attribute.IsDefined(member, typeof(JsonIgnoreAttribute), inherit: true))
            {
                type.Properties.RemoveAt(i);
            }
        }
    }

    /// <summary>A derived record adds to its base, in the text as in the code.</summary>
    private static void BasePropertiesFirst(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            for (var declaring = (property.AttributeProvider as MemberInfo)?.DeclaringType; declaring?.BaseType is { } parent; declaring = parent)
            {
                property.Order++;
            }
        }
    }

    private static void LeaveOutEmptyLists(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.PropertyType != typeof(string)
                && property.PropertyType.IsAssignableTo(typeof(IEnumerable))
                && property.AttributeProvider?.IsDefined(typeof(KeepEmptyAttribute), inherit: false) != true)
            {
                property.ShouldSerialize = (_, value) => value is IEnumerable list && list.GetEnumerator().MoveNext();
            }
        }
    }
}

/// <summary>Marks a list that is written even when it is empty, because readers iterate over it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KeepEmptyAttribute : Attribute;

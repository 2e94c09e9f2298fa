using System.Collections.Frozen;
using NetTopologySuite.Geometries;

namespace Field.Store;

/// <summary>The type of a column's values.</summary>
public enum ColumnType
{
    /// <summary><see cref="string"/>.</summary>
    Text,

    /// <summary><see cref="long"/>.</summary>
    Whole,

    /// <summary><see cref="double"/>.</summary>
    Real,

    /// <summary><see cref="bool"/>.</summary>
    Boolean,

    /// <summary><see cref="DateTimeOffset"/>, kept in UTC to the millisecond.</summary>
    Time,

    /// <summary>JSON text, as <see cref="string"/>.</summary>
    Json,
}

/// <summary>A column; its name is also the name of the GeoJSON property.</summary>
/// <param name="Name">Name, with the unit.</param>
/// <param name="Type">Type of its values; null is always allowed except for the id.</param>
/// <param name="IsInternal">True for what the server needs for itself and does not publish.</param>
/// <param name="IsIndexed">True when queries filter by it.</param>
/// <param name="Since">The form of the store that brought it, from 1: older stores gain it when they are opened.</param>
public sealed record Column(string Name, ColumnType Type, bool IsInternal = false, bool IsIndexed = false, int Since = 1);

/// <summary>An index over several columns, for queries that go through one in the order of another.</summary>
/// <param name="Since">The form of the store that brought it.</param>
/// <param name="Columns">In their order.</param>
public sealed record ColumnIndex(int Since, params IReadOnlyList<string> Columns);

/// <summary>The form of one collection of features.</summary>
public sealed class FeatureTable
{
    private readonly FrozenDictionary<string, Column> _byName;

    internal FeatureTable(string name, string geometryType, string idColumn, params Column[] columns)
    {
        (Name, GeometryType, IdColumn, Columns) = (name, geometryType, idColumn, columns);
        _byName = columns.ToFrozenDictionary(c => c.Name, StringComparer.Ordinal);
    }

    /// <summary>Name of the collection, such as <c>photos</c>.</summary>
    public string Name { get; }

    /// <summary>Geometry type: POINT, POLYGON, MULTIPOLYGON, or GEOMETRY for any.</summary>
    public string GeometryType { get; }

    /// <summary>Name of the column of the idempotent key.</summary>
    public string IdColumn { get; }

    /// <summary>The form of the store that brought it, from 1.</summary>
    public int Since { get; init; } = 1;

    /// <summary>True (the default) when the whole collection may be read by whoever sees the map; false when another gate decides for each part.</summary>
    public bool IsPublished { get; init; } = true;

    /// <summary>The columns besides id, geometry and revision, in order.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>Indexes over several columns.</summary>
    public IReadOnlyList<ColumnIndex> Indexes { get; init; } = [];

    /// <summary>The column of the name, or null.</summary>
    public Column? Find(string name) => _byName.GetValueOrDefault(name);
}

/// <summary>A thing on the map.</summary>
/// <param name="Table">Its collection.</param>
/// <param name="Id">Its idempotent key.</param>
/// <param name="Geometry">lon, lat degrees (EPSG:4326), or null when it has no place.</param>
/// <param name="Properties">Values by column name; a column that is absent is null.</param>
/// <param name="Revision">Given by the store.</param>
public sealed record Feature(
    FeatureTable Table, string Id, Geometry? Geometry, IReadOnlyDictionary<string, object?> Properties, long Revision = 0)
{
    /// <summary>A text or JSON value, or null.</summary>
    public string? Text(string column) => Properties.GetValueOrDefault(column) as string;

    /// <summary>An integer, or null.</summary>
    public long? Whole(string column) => Properties.GetValueOrDefault(column) as long?;

    /// <summary>A number, or null.</summary>
    public double? Real(string column) => Properties.GetValueOrDefault(column) as double?;

    /// <summary>A flag, or null.</summary>
    public bool? Flag(string column) => Properties.GetValueOrDefault(column) as bool?;

    /// <summary>A time, or null.</summary>
    public DateTimeOffset? Time(string column) => Properties.GetValueOrDefault(column) as DateTimeOffset?;

    /// <summary>A copy with some values replaced.</summary>
    public Feature With(params (string Column, object? Value)[] changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        Dictionary<string, object?> properties = new(Properties, StringComparer.Ordinal);
        foreach ((string column, object? value) in changes)
        {
            properties[column] = value;
        }

        return this with { Properties = properties };
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Field.Geo.Impact;

/// <summary>What came of a geometry.</summary>
public enum WkbOutcome
{
    /// <summary>Its polygons are in the builder.</summary>
    Added,

    /// <summary>It is of points, lines or curves.</summary>
    NotPolygons,

    /// <summary>It ends too early, or is no WKB.</summary>
    Damaged,

    /// <summary>A corner is no place in its system: east and north swapped, or another system.</summary>
    OutsideSystem,
}

/// <summary>Polygons of ISO WKB (ISO 19125-1, with Z and M of ISO/IEC 13249-3) straight into a <see cref="PolygonSetBuilder"/>, without an object for each corner.</summary>
public static class WkbPolygons
{
    private const int Polygon = 3;
    private const int MultiPolygon = 6;
    private const int Collection = 7;
    private const int MaxDepth = 8;

    /// <summary>Adds a polygon, a multi-polygon or a collection of them.</summary>
    /// <param name="builder">Takes them; after anything but <see cref="WkbOutcome.Added"/> it may hold a part of the geometry: give up the whole.</param>
    /// <param name="wkb">Little endian.</param>
    /// <param name="value">Their number.</param>
    /// <param name="crs">The system of the coordinates, east or longitude first; null for lon, lat.</param>
    /// <param name="hasLooseRings">
    /// True when each ring came as a polygon of its own, as out of a Shapefile whose rings were not sorted: then all are one polygon by the
    /// even-odd rule. False: each polygon stands for itself, and where two of them overlap is inside.
    /// </param>
    public static WkbOutcome Add(PolygonSetBuilder builder, ReadOnlySpan<byte> wkb, int value, OfficialCrs? crs = null, bool hasLooseRings = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (hasLooseRings)
        {
            builder.BeginPolygon(value);
        }

        Reader reader = new(builder, wkb, hasLooseRings ? null : value, crs);
        return reader.Geometry(0);
    }

    private ref struct Reader(PolygonSetBuilder builder, ReadOnlySpan<byte> wkb, int? value, OfficialCrs? crs)
    {
        private ReadOnlySpan<byte> rest = wkb;

        public WkbOutcome Geometry(int depth)
        {
            const int HeadBytes = 5;
            if (rest.Length < HeadBytes || rest[0] != 1 || depth > MaxDepth)
            {
                return WkbOutcome.Damaged;
            }

            uint type = BinaryPrimitives.ReadUInt32LittleEndian(rest[1..]);
            rest = rest[HeadBytes..];
            int dimensions = (type / 1000) switch
            {
                0 => 2,
                1 or 2 => 3,
                3 => 4,
                _ => 0,
            };
            return (dimensions, type % 1000) switch
            {
                (0, _) => WkbOutcome.Damaged,
                (_, Polygon) => Rings(dimensions),
                (_, MultiPolygon or Collection) => Parts(depth),
                _ => WkbOutcome.NotPolygons,
            };
        }

        private WkbOutcome Parts(int depth)
        {
            if (!Count(out int parts))
            {
                return WkbOutcome.Damaged;
            }

            for (int i = 0; i < parts; i++)
            {
                if (Geometry(depth + 1) is var outcome and not WkbOutcome.Added)
                {
                    return outcome;
                }
            }

            return WkbOutcome.Added;
        }

        private WkbOutcome Rings(int dimensions)
        {
            if (!Count(out int rings))
            {
                return WkbOutcome.Damaged;
            }

            if (value is { } number)
            {
                builder.BeginPolygon(number);
            }

            for (int i = 0; i < rings; i++)
            {
                if (!Count(out int points) || (long)points * dimensions * sizeof(double) > rest.Length)
                {
                    return WkbOutcome.Damaged;
                }

                ReadOnlySpan<double> numbers = MemoryMarshal.Cast<byte, double>(rest[..(points * dimensions * sizeof(double))]);
                rest = rest[(numbers.Length * sizeof(double))..];
                if (!(dimensions == 2 ? builder.AddRing(numbers, crs) : AddFlat(numbers, dimensions, points)))
                {
                    return WkbOutcome.OutsideSystem;
                }
            }

            return WkbOutcome.Added;
        }

        private readonly bool AddFlat(ReadOnlySpan<double> numbers, int dimensions, int points)
        {
            double[] xy = ArrayPool<double>.Shared.Rent(2 * points);
            try
            {
                for (int i = 0; i < points; i++)
                {
                    (xy[2 * i], xy[(2 * i) + 1]) = (numbers[i * dimensions], numbers[(i * dimensions) + 1]);
                }

                return builder.AddRing(xy.AsSpan(0, 2 * points), crs);
            }
            finally
            {
                ArrayPool<double>.Shared.Return(xy);
            }
        }

        private bool Count(out int count)
        {
            count = rest.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32LittleEndian(rest);
            if (count < 0)
            {
                return false;
            }

            rest = rest[sizeof(int)..];
            return true;
        }
    }
}

using System.Text;
using Microsoft.Data.Sqlite;

namespace Field.Store.Embedded;

/// <summary>
/// The SQL of a GeoPackage 1.3 (OGC 12-128r18; clause numbers below are its). user_version is 10300 as clause 1.1.1.1.1 wants, so
/// Field's own version and the revision counter live in <c>field_meta</c>.
/// </summary>
internal static class GeoPackageSchema
{
    public static SqliteMigrations Migrations { get; } = new(
        "SELECT value FROM field_meta WHERE key = 'schema'",
        "UPDATE field_meta SET value = $version WHERE key = 'schema'",
        [.. Enumerable.Range(1, FieldTables.All.Max(t => Math.Max(t.Indexes.Select(i => i.Since).Append(t.Since).Max(), t.Columns.Max(c => c.Since)))).Select(Step)]);

    /// <summary>The functions that the R-tree triggers call (clause F.3); QGIS and GDAL bring their own.</summary>
    public static void RegisterFunctions(SqliteConnection connection)
    {
        connection.CreateFunction("ST_IsEmpty", (byte[]? g) => GeoPackageGeometry.EnvelopeOf(g) is null, isDeterministic: true);
        connection.CreateFunction("ST_MinX", (byte[]? g) => GeoPackageGeometry.EnvelopeOf(g)?.MinX, isDeterministic: true);
        connection.CreateFunction("ST_MaxX", (byte[]? g) => GeoPackageGeometry.EnvelopeOf(g)?.MaxX, isDeterministic: true);
        connection.CreateFunction("ST_MinY", (byte[]? g) => GeoPackageGeometry.EnvelopeOf(g)?.MinY, isDeterministic: true);
        connection.CreateFunction("ST_MaxY", (byte[]? g) => GeoPackageGeometry.EnvelopeOf(g)?.MaxY, isDeterministic: true);
    }

    /// <summary>What one form brought: its tables with the columns they had then, and further columns of older tables.</summary>
    private static string Step(int form)
    {
        StringBuilder sql = new(form == 1 ? Core : "");
        foreach (FeatureTable table in FieldTables.All.Where(t => t.Since <= form))
        {
            Column[] columns = [.. table.Columns.Where(c => Math.Max(c.Since, table.Since) == form)];
            if (table.Since == form)
            {
                sql.AppendLine(Table(table, columns)).AppendLine(RTree(table.Name));
            }
            else
            {
                sql.AppendJoin('\n', columns.Select(c => $"ALTER TABLE {table.Name} ADD COLUMN \"{c.Name}\" {SqlType(c.Type)};")).AppendLine();
            }

            sql.AppendJoin('\n', columns.Where(c => c.IsIndexed).Select(c => $"CREATE INDEX {table.Name}_{c.Name} ON {table.Name} (\"{c.Name}\", revision);")).AppendLine();
            sql.AppendJoin('\n', table.Indexes.Where(i => i.Since == form).Select(i =>
                $"CREATE INDEX {table.Name}_{string.Join('_', i.Columns)} ON {table.Name} ({string.Join(", ", i.Columns.Select(c => $"\"{c}\""))}, \"{table.IdColumn}\");")).AppendLine();
        }

        return sql.ToString();
    }

    private static string Table(FeatureTable table, Column[] columns)
    {
        StringBuilder sql = new($"CREATE TABLE {table.Name} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom {table.GeometryType}, ");
        sql.Append($"\"{table.IdColumn}\" TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL UNIQUE");
        foreach (Column column in columns)
        {
            sql.Append($", \"{column.Name}\" {SqlType(column.Type)}");
        }

        sql.AppendLine(");");
        sql.AppendLine($"INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('{table.Name}', 'features', '{table.Name}', {GeoPackageGeometry.SrsId});");
        sql.AppendLine($"INSERT INTO gpkg_geometry_columns VALUES ('{table.Name}', 'geom', '{table.GeometryType}', {GeoPackageGeometry.SrsId}, 0, 0);");
        return sql.ToString();
    }

    /// <summary>Clause 1.1.1.1.3, table 1.</summary>
    private static string SqlType(ColumnType type) => type switch
    {
        ColumnType.Whole => "INTEGER",
        ColumnType.Real => "REAL",
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.Time => "DATETIME",
        _ => "TEXT",
    };

    /// <summary>Extension gpkg_rtree_index, annex F.3, with its triggers so that edits of QGIS keep the index true.</summary>
    private static string RTree(string t)
    {
        string index = $"rtree_{t}_geom";
        const string NewBox = "ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)";
        const string HasPlace = "(NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))";
        const string NoPlace = "(NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))";
        return $"""
            CREATE VIRTUAL TABLE {index} USING rtree(id, minx, maxx, miny, maxy);
            CREATE TRIGGER {index}_insert AFTER INSERT ON {t} WHEN {HasPlace}
              BEGIN INSERT OR REPLACE INTO {index} VALUES (NEW.fid, {NewBox}); END;
            CREATE TRIGGER {index}_update1 AFTER UPDATE OF geom ON {t} WHEN OLD.fid = NEW.fid AND {HasPlace}
              BEGIN INSERT OR REPLACE INTO {index} VALUES (NEW.fid, {NewBox}); END;
            CREATE TRIGGER {index}_update2 AFTER UPDATE OF geom ON {t} WHEN OLD.fid = NEW.fid AND {NoPlace}
              BEGIN DELETE FROM {index} WHERE id = OLD.fid; END;
            CREATE TRIGGER {index}_update3 AFTER UPDATE ON {t} WHEN OLD.fid != NEW.fid AND {HasPlace}
              BEGIN DELETE FROM {index} WHERE id = OLD.fid; INSERT OR REPLACE INTO {index} VALUES (NEW.fid, {NewBox}); END;
            CREATE TRIGGER {index}_update4 AFTER UPDATE ON {t} WHEN OLD.fid != NEW.fid AND {NoPlace}
              BEGIN DELETE FROM {index} WHERE id IN (OLD.fid, NEW.fid); END;
            CREATE TRIGGER {index}_delete AFTER DELETE ON {t} WHEN OLD.geom NOT NULL
              BEGIN DELETE FROM {index} WHERE id = OLD.fid; END;
            INSERT INTO gpkg_extensions VALUES ('{t}', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');
            """;
    }

    private const string Core = """
        PRAGMA application_id = 1196444487; -- 'GPKG'
        PRAGMA user_version = 10300;
        CREATE TABLE gpkg_spatial_ref_sys (
          srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
          organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
        INSERT INTO gpkg_spatial_ref_sys VALUES
          ('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined cartesian coordinate reference system'),
          ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
          ('WGS 84 geodetic', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]', 'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');
        CREATE TABLE gpkg_contents (
          table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
          last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
          min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
          CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
        CREATE TABLE gpkg_geometry_columns (
          table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
          z TINYINT NOT NULL, m TINYINT NOT NULL,
          CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
          CONSTRAINT uk_gc_table_name UNIQUE (table_name),
          CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
          CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
        CREATE TABLE gpkg_extensions (
          table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
          CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
        CREATE TABLE field_meta (key TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL);
        INSERT INTO field_meta VALUES ('schema', 0), ('revision', 0);

        """;
}

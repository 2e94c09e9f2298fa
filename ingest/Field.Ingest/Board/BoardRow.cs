using Field.Store;

namespace Field.Ingest.Board;

/// <summary>Rows of the tables <c>board</c> and <c>boardChanges</c>.</summary>
internal static class BoardRow
{
    /// <summary>The row as a person wants it.</summary>
    public static Feature From(string boardId, string kind, BoardRequest request, DateTimeOffset now) =>
        new(FieldTables.Board, boardId, kind is BoardRules.Drawing or BoardRules.NoFly ? request.Geometry : null, new Dictionary<string, object?>
        {
            ["kind"] = kind,
            ["state"] = kind is BoardRules.Follow or BoardRules.View ? request.State : null,
            ["assetId"] = kind == BoardRules.View ? request.AssetId : null,
            ["crew"] = request.Crew,
            ["note"] = request.Note,
            ["title"] = request.Title,
            ["permitNumber"] = kind == BoardRules.NoFly ? request.PermitNumber : null,
            ["permitHolder"] = kind == BoardRules.NoFly ? request.PermitHolder : null,
            ["permitUntil"] = kind == BoardRules.NoFly ? request.PermitUntil : null,
            ["startedAt"] = request.StartedAt?.ToUniversalTime(),
            ["shape"] = request.Shape,
            ["colour"] = request.Colour,
            ["pattern"] = request.Pattern,
            ["removedAt"] = request.IsRemoved ? now : null,
        });

    /// <summary>With who changed it, and the change itself.</summary>
    public static (Feature Row, Feature Change) Sign(Feature row, long n, string action, string who, DateTimeOffset now)
    {
        Feature signed = row.With(("changedBy", who), ("changedAt", now), ("changeCount", n));
        return (signed, RowChanges.Of(FieldTables.BoardChanges, signed, n, action, who, now));
    }
}

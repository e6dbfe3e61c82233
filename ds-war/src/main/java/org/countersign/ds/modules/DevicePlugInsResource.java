package org.countersign.ds.modules;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.countersign.ds.devices.DeviceCalls;
import org.countersign.ds.devices.DeviceProofVerifier;
import org.countersign.ds.files.FileStore;
import org.countersign.server.web.OpenToAll;

/** Plug-ins for devices, which have no API key: of everyone's modules and of their organisation's. */
@Path("v3/devices/{uuid}/modules/{id}/plug-ins/{os}")
@OpenToAll
public final class DevicePlugInsResource {

    private final DeviceCalls calls;
    private final Modules modules;
    private final FileStore files;

    public DevicePlugInsResource(DeviceCalls calls, Modules modules, FileStore files) {
        this.calls = calls;
        this.modules = modules;
        this.files = files;
    }

    @GET
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    public Response plugIn(
            @PathParam("uuid") String uuid,
            @PathParam("id") String id,
            @PathParam("os") String os,
            @HeaderParam(DeviceProofVerifier.HEADER) List<String> signatures,
            @Context HttpHeaders headers,
            @Context HttpServletRequest from) {
        var device = calls.requireGet(uuid, signatures, "/modules/" + id + "/plug-ins/" + os);
        return ModulesResource.plugIn(modules, files, Optional.of(device.organisation()), id, os, headers, from);
    }
}

//! What whoever creates a job is told: its id, and the links to show it by.

use doorstep_model::id::TrackingId;
use utoipa::ToSchema;

use super::job::Job;
use crate::access::{LinkMaker, NewLink, Secret};
use crate::api::KnownClient;
use crate::dialects::DialectState;
use crate::dialects::instaleap::fault::{Code, Fault};

/// A job that was created.
#[derive(Debug, serde::Serialize, ToSchema)]
pub(in crate::dialects::instaleap) struct JobMade {
    /// `JOB_CREATED`.
    message: &'static str,
    /// Its id: keep it with your order.
    job_id: String,
    /// The same.
    id: String,
    /// The same.
    #[serde(rename = "jobId")]
    job_id_again: String,
    /// For the recipient and nobody else: opens the widget with window, preferences and code. It works once; each
    /// answer brings another, and those before go on.
    recipient_url: String,
    /// For everybody who may know where the job stands; also as `/lsw/?job={jobId}`.
    tracking_url: String,
}

/// Makes a link for the recipient, and tells it.
pub(super) async fn link(state: &DialectState, known: &KnownClient, job: Job) -> Result<JobMade, Fault> {
    let failed = || Fault::from(Code::Internal);
    let id = TrackingId::parse(&job.id).map_err(|_| failed())?;
    let secret = Secret::random().map_err(|error| {
        tracing::error!(error = format!("{error:#}"), "a link's secret could not be drawn");
        failed()
    })?;
    let made_at = state.app.clock.now();
    let new = NewLink { hash: secret.hash(), made_at, made_by: LinkMaker::Client };
    state.app.store.add_link(known.client.tenant, &id, new).await?.ok_or_else(failed)?;
    let url = &state.app.public_url;
    Ok(JobMade {
        message: "JOB_CREATED",
        job_id: job.id.clone(),
        recipient_url: url.link(&id, &secret),
        tracking_url: format!("{}/t/{id}", url.as_str()),
        job_id_again: job.id.clone(),
        id: job.id,
    })
}
